# 49. Makes one file of a terabyte, in each way that takes no time: a hole, a seek, a reservation.
# ends: error
# points: 0
import os


def hole(fd):
    os.ftruncate(fd, 1 << 40)


def seek(fd):
    os.pwrite(fd, b"x", 1 << 40)


def reserve(fd):
    os.posix_fallocate(fd, 0, 1 << 40)


def many_small(fd):
    for _ in range(128):
        os.write(fd, bytes(1 << 20))


def gradient(x):
    fd = os.open("large", os.O_RDWR | os.O_CREAT)
    for way in (hole, seek, reserve, many_small):
        try:
            way(fd)
        except OSError:
            continue
        print(way.__name__, "got through")
        return 3 * x**2
    raise OSError("no file can be as large")
