# 62. Makes pipes and the like: the kernel numbers them for all, and counts them for each user.
# ends: error
# points: 0
import os
import select


def gradient(x):
    for make in (os.pipe, lambda: os.pipe2(0), lambda: os.eventfd(0), select.epoll):
        try:
            made = make()
        except PermissionError:
            continue
        print(made, "was made")
        return 3 * x**2
    raise PermissionError("nothing is counted")
