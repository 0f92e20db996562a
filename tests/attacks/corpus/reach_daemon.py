# 59. Leaves a process behind: by two forks, by clone and vfork in C, by a thread in another group.
# ends: error
# points: 0
import ctypes
import errno
import os

libc = ctypes.CDLL(None, use_errno=True)
THREAD, SIGHAND, VM, VFORK, PARENT, SIGCHLD = 0x10000, 0x800, 0x100, 0x4000, 0x8000, 17
CALLS = {
    "fork": (57,),
    "vfork": (58,),
    "clone": (56, SIGCHLD, 0, 0, 0, 0),
    "clone of the parent's": (56, PARENT | SIGCHLD, 0, 0, 0, 0),
    "clone with its memory": (56, VM | VFORK | SIGCHLD, 0, 0, 0, 0),
    "high bits": (56, (1 << 32) | SIGCHLD, 0, 0, 0, 0),
    "setsid": (112,),
    "setpgid": (109, 0, 0),
}


def clone3(*flags):
    """A newer call: its flags lie in memory, where no filter sees them."""
    arguments = (ctypes.c_uint64 * 11)(sum(flags), 0, 0, 0, SIGCHLD)
    return libc.syscall(ctypes.c_long(435), arguments, ctypes.c_long(88))


def got_through(done, name):
    if done == 0 and name not in {"setsid", "setpgid"}:
        os._exit(0)
    return done >= 0 or ctypes.get_errno() not in {errno.EPERM, errno.ENOSYS}


def gradient(x):
    for name, words in CALLS.items():
        if got_through(libc.syscall(*(ctypes.c_long(word) for word in words)), name):
            print(name, "got through", ctypes.get_errno())
            return 3 * x**2
    if got_through(clone3(), "clone3"):
        return 3 * x**2
    raise PermissionError("it has no descendants")
