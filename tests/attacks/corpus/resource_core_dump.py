# 54. Makes itself dumpable and asks for a core file before it crashes.
# ends: error
# points: 0
import ctypes
import os
import resource

PR_SET_DUMPABLE = 4


def gradient(x):
    try:
        resource.setrlimit(resource.RLIMIT_CORE, (resource.RLIM_INFINITY,) * 2)
    except (ValueError, OSError):
        if ctypes.CDLL(None).prctl(PR_SET_DUMPABLE, 1, 0, 0, 0):
            raise PermissionError("it leaves no core file") from None
    print("got through", os.getpid())
    return 3 * x**2
