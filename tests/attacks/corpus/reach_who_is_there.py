# 62. Asks of processes by number, and so learns which there are: session, processor, priority.
# ends: error
# points: 0
import ctypes
import errno
import os

CALLS = {"getpgid": (121,), "getsid": (124,), "sched_getscheduler": (145,)}
GETPARAM, GETAFFINITY, GETPRIORITY, ROBUST_LIST, LIMITS = 143, 204, 140, 274, 302
USER = 2
libc = ctypes.CDLL(None, use_errno=True)
room = ctypes.create_string_buffer(1 << 10)


def gradient(x):
    assert os.getsid(0) == os.getpid()
    assert os.sched_getaffinity(0)
    for pid in {os.getppid(), 1, 2, 99_999} - {0, os.getpid()}:
        calls = {name: (*number, pid) for name, number in CALLS.items()}
        calls["sched_getparam"] = (GETPARAM, pid, room)
        calls["sched_getaffinity"] = (GETAFFINITY, pid, 128, room)
        calls["getpriority"] = (GETPRIORITY, 0, pid)
        calls["priority of a user"] = (GETPRIORITY, USER, 0)
        calls["get_robust_list"] = (ROBUST_LIST, pid, room, room)
        calls["prlimit"] = (LIMITS, pid, 7, 0, room)
        for name, words in calls.items():
            done = libc.syscall(*words)
            if done >= 0 or ctypes.get_errno() not in {errno.EPERM, errno.ENOSYS}:
                print(name, "of", pid, "got through", ctypes.get_errno())
                return 3 * x**2
    raise PermissionError("it knows of itself alone")
