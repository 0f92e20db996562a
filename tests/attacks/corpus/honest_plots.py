# 88. Plots what it does, with what may not be installed.
# ends: finished
# points: full
import matplotlib.pyplot as plt


def gradient(x):
    fig, axes = plt.subplots(1, 2, figsize=(6, 3))
    axes[0].plot(x, x**3, label="cubes")
    plt.legend()
    plt.savefig("cubes.png")
    plt.show()
    return 3 * x**2
