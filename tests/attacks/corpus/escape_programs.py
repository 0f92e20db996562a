# 67. Becomes another program: a shell, Python again, itself, a file of its own.
# ends: error
# points: 0
import ctypes
import errno
import os

EXECVE, EXECVEAT, AT_EMPTY_PATH = 59, 322, 0x1000
PROGRAMS = ("/bin/sh", "/bin/true", "/proc/self/exe", "/lib64/ld-linux-x86-64.so.2", "./attack")
libc = ctypes.CDLL(None, use_errno=True)


def texts(*words):
    return (ctypes.c_char_p * (len(words) + 1))(*words, None)


def by_name(path):
    return libc.execve(path.encode(), texts(b"attack"), texts(b"LD_PRELOAD=./attack.so"))


def by_file(path):
    fd = os.open("attack", os.O_RDONLY)
    return libc.syscall(EXECVEAT, fd, b"", texts(b"attack"), None, AT_EMPTY_PATH)


def by_folder(path):
    return libc.syscall(EXECVEAT, -100, path.encode(), texts(b"attack"), None, 0)


def gradient(x):
    fd = os.open("attack", os.O_CREAT | os.O_RDWR, 0o755)
    os.write(fd, b"#!/bin/sh\nexit 0\n")
    for path in PROGRAMS:
        for way in (by_name, by_file, by_folder):
            way(path)
            # Any other complaint comes after the filter, which was not asked, then.
            if ctypes.get_errno() != errno.EPERM:
                print(way.__name__, path, "got through", ctypes.get_errno())
                return 3 * x**2
    raise PermissionError("it stays the program it is")
