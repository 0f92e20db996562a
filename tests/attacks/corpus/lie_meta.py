# 12. A tensor with a shape and no numbers.
# ends: finished
# points: 0
def gradient(x):
    return (3 * x**2).to("meta")
