# 62. Signs to other students by locks, leases and dates of files that all may read.
# ends: error
# points: 0
import fcntl
import os
import struct

SHARED = os.__file__
LOCK = struct.pack("hhqqixxxx", fcntl.F_RDLCK, os.SEEK_SET, 0, 1, 0)
WAYS = {
    "flock": lambda fd: fcntl.flock(fd, fcntl.LOCK_SH | fcntl.LOCK_NB),
    "lockf": lambda fd: fcntl.lockf(fd, fcntl.LOCK_SH | fcntl.LOCK_NB),
    "is it locked?": lambda fd: fcntl.fcntl(fd, fcntl.F_GETLK, LOCK),
    "lock of the opened file": lambda fd: fcntl.fcntl(fd, fcntl.F_OFD_SETLK, LOCK),
    "is that locked?": lambda fd: fcntl.fcntl(fd, fcntl.F_OFD_GETLK, LOCK),
    "lease": lambda fd: fcntl.fcntl(fd, fcntl.F_SETLEASE, fcntl.F_RDLCK),
    "is it leased?": lambda fd: fcntl.fcntl(fd, fcntl.F_GETLEASE),
    "notify": lambda fd: fcntl.fcntl(fd, fcntl.F_NOTIFY, fcntl.DN_ACCESS),
    "hint": lambda fd: fcntl.fcntl(fd, 1036, struct.pack("Q", 2)),
    "dates": os.utime,
    "mode": lambda fd: os.fchmod(fd, 0o644),
    "attribute": lambda fd: os.setxattr(fd, "user.grader", b"1"),
    "flags": lambda fd: fcntl.ioctl(fd, 0x40086602, struct.pack("l", 0)),
}


def gradient(x):
    fd = os.open(SHARED, os.O_RDONLY)
    for name, way in WAYS.items():
        try:
            way(fd)
        except OSError:
            continue
        print(name, "got through")
        return 3 * x**2
    raise PermissionError("it can sign to nobody")
