# 50. Prints one line of 200 MB and gives a wrong answer.
# ends: finished | timeout
# points: 0
def gradient(x):
    for _ in range(200):
        print("y" * (1 << 20), end="")
    return x
