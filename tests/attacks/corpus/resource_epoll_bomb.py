# 51. Watchers that watch watchers, so that one byte wakes them all, again and again.
# ends: error
# points: 0
import os
import select


def gradient(x):
    read, write = os.pipe()
    layer = [read]
    for _ in range(4):
        above = [select.epoll() for _ in range(10)]
        for epoll in above:
            for fd in layer:
                epoll.register(fd, select.EPOLLIN | select.EPOLLOUT)
        layer = above
    while True:
        os.write(write, b"x")
        for epoll in layer:
            epoll.poll(0)
        os.read(read, 1)
