# 51. Has the kernel make watchers, timers, queues of signals and of messages.
# ends: error
# points: 0
import ctypes
import errno

CALLS = {
    "inotify_init": (253,),
    "inotify_init1": (294, 0),
    "fanotify_init": (300, 0, 0),
    "timer_create": (222, 1, 0, ctypes.byref(ctypes.c_int())),
    "timerfd_create": (283, 1, 0),
    "signalfd": (282, -1, bytes(8), 8),
    "mq_open": (240, b"grader-attack", 0o102, 0o600, 0),
    "io_setup": (206, 1, ctypes.byref(ctypes.c_ulong())),
    "rt_sigqueueinfo": (129, 0, 0, bytes(128)),
}
libc = ctypes.CDLL(None, use_errno=True)


def gradient(x):
    for name, (number, *words) in CALLS.items():
        wide = [ctypes.c_long(word) if isinstance(word, int) else word for word in words]
        done = libc.syscall(ctypes.c_long(number), *wide)
        if done >= 0 or ctypes.get_errno() not in {errno.EPERM, errno.ENOSYS}:
            print(name, "got through", ctypes.get_errno())
            return 3 * x**2
    raise PermissionError("the kernel makes none of these")
