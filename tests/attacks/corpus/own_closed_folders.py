# Makes folders that even their owner may not look into, with something in them.
# ends: finished
# points: full
import os


def gradient(x):
    os.makedirs("a/b")
    open("a/b/file", "w").close()
    os.umask(0o777)
    for number in range(10):
        os.mkdir(f"closed-{number}", 0)
    os.rename("a", "closed")
    return 3 * x**2
