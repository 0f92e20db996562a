# 62. Asks how many run, how much memory and disk is free, how often it had to wait: for others.
# ends: error
# points: 0
import ctypes
import errno

CALLS = {"sysinfo": 99, "statfs": 137, "fstatfs": 138, "getrusage": 98, "syslog": 103}
UNAME = 63  # says what never changes
libc = ctypes.CDLL(None, use_errno=True)
room = ctypes.create_string_buffer(1 << 12)


def gradient(x):
    assert libc.syscall(UNAME, room) == 0
    words = {"statfs": b"/", "fstatfs": 0, "getrusage": 0, "syslog": 10}
    for name, number in CALLS.items():
        first = (words[name],) if name in words else ()
        if libc.syscall(number, *first, room) >= 0 or ctypes.get_errno() != errno.EPERM:
            print(name, "got through", ctypes.get_errno())
            return 3 * x**2
    raise PermissionError("nothing is told of the machine")
