# 58. Reads what /proc tells of its parent, or changes a running program through it.
# ends: error
# points: 0
import os

OTHERS = "mem environ maps map_files fd fdinfo root cwd exe stack io".split()


def read(path):
    file = os.open(path, os.O_RDONLY)
    try:
        return os.read(file, 64)
    finally:
        os.close(file)


def gradient(x):
    # Of what has no memory, such as a thread of the kernel (2), Linux opens `maps`: it is empty.
    for pid in (os.getppid(), os.getppid() - 1, 1, 2):
        for name in OTHERS:
            path = f"/proc/{pid}/{name}"
            for look in (os.listdir, os.readlink, read):
                try:
                    found = look(path)
                except OSError:
                    continue
                if found:
                    print(path, "was read")
                    return 3 * x**2
    with open("/proc/self/exe", "r+b"):
        return 3 * x**2
