# 10. Numbers that overflow in half precision.
# ends: finished
# points: 0
def gradient(x):
    return (x * 1e6).half()
