# 58. Reads what /proc tells of its parent, or changes a running program through it.
# ends: error
# points: 0
import os

OTHERS = "mem environ maps map_files fd fdinfo root cwd exe stack io".split()


def gradient(x):
    for pid in (os.getppid(), os.getppid() - 1, 1):
        for name in OTHERS:
            path = f"/proc/{pid}/{name}"
            for look in (os.listdir, os.readlink, lambda path: os.open(path, os.O_RDONLY)):
                try:
                    look(path)
                except OSError:
                    continue
                print(path, "was read")
                return 3 * x**2
    with open("/proc/self/exe", "r+b"):
        return 3 * x**2
