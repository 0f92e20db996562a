# 60. Opens sockets of every family and kind, and looks up a name.
# ends: error
# points: 0
import socket


def gradient(x):
    for family in range(64):
        for kind in (1, 2, 3, 5, 10):
            for make in (socket.socket, socket.socketpair):
                try:
                    make(family, kind)
                except OSError:
                    continue
                print(make.__name__, "of family", family, "and kind", kind)
                return 3 * x**2
    socket.create_connection(("169.254.169.254", 80), timeout=0.1)
    return 3 * x**2
