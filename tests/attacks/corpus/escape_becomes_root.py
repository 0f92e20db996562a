# 66. Becomes another user, takes rights, or has them given by the next program it starts.
# ends: error
# points: 0
import ctypes
import os
import struct

libc = ctypes.CDLL(None, use_errno=True)
PR_SET_KEEPCAPS, PR_CAPBSET_READ, PR_SET_SECUREBITS = 8, 23, 28
PR_SET_NO_NEW_PRIVS, PR_CAP_AMBIENT = 38, 47


def c(done):
    if done < 0:
        raise OSError(ctypes.get_errno(), "refused")


def take_all():
    header = struct.pack("Ii", 0x20080522, 0)
    c(libc.capset(header, b"\xff" * 24))


WAYS = {
    "setuid": lambda: os.setuid(0),
    "setgid": lambda: os.setgid(0),
    "setresuid": lambda: os.setresuid(0, 0, 0),
    "setreuid": lambda: os.setreuid(-1, 0),
    "to nobody": lambda: os.setresuid(65534, 65534, 65534),
    "groups": lambda: os.setgroups([0]),
    "file system user": lambda: c(libc.syscall(122, 0) or -1),
    "capset": take_all,
    "keep rights": lambda: c(libc.prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0)),
    "rights that are left": lambda: c(libc.prctl(PR_CAPBSET_READ, 21, 0, 0, 0) or -1),
    "secure bits": lambda: c(libc.prctl(PR_SET_SECUREBITS, 0, 0, 0, 0)),
    "new privileges": lambda: c(libc.prctl(PR_SET_NO_NEW_PRIVS, 0, 0, 0, 0)),
    "ambient": lambda: c(libc.prctl(PR_CAP_AMBIENT, 2, 21, 0, 0)),
}


def gradient(x):
    for name, way in WAYS.items():
        try:
            way()
        except OSError:
            continue
        print(name, "got through")
        return 3 * x**2
    if 0 in (*os.getresuid(), *os.getresgid(), *os.getgroups()):
        return 3 * x**2
    raise PermissionError("it stays who it is")
