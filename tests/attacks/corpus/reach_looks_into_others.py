# 57. Traces its parent and others, or reads their memory and files through the kernel.
# ends: error
# points: 0
import ctypes
import errno
import os

libc = ctypes.CDLL(None, use_errno=True)
PTRACE_TRACEME, PTRACE_SEIZE = 0, 0x4206
CALLS = {
    "ptrace": lambda pid: (101, PTRACE_SEIZE, pid, 0, 0),
    "trace me": lambda _: (101, PTRACE_TRACEME, 0, 0, 0),
    "process_vm_readv": lambda pid: (310, pid, 0, 0, 0, 0, 0),
    "process_vm_writev": lambda pid: (311, pid, 0, 0, 0, 0, 0),
    "process_vm_readv of itself": lambda _: (310, os.getpid(), 0, 0, 0, 0, 0),
    "pidfd_open": lambda pid: (434, pid, 0),
    "pidfd_getfd": lambda _: (438, 0, 0, 0),
    "kcmp": lambda pid: (312, pid, os.getpid(), 0, 0, 0),
    "process_madvise": lambda _: (440, 0, 0, 0, 0, 0),
    "process_mrelease": lambda _: (448, 0, 0),
    "move_pages": lambda pid: (279, pid, 0, 0, 0, 0, 0),
    "migrate_pages": lambda pid: (256, pid, 0, 0, 0),
    "limits of others": lambda pid: (302, pid, 7, 0, ctypes.addressof(room)),
}
room = ctypes.create_string_buffer(64)


def gradient(x):
    for pid in {os.getppid(), 1, 2} - {0, os.getpid()}:
        for name, words in CALLS.items():
            done = libc.syscall(*(ctypes.c_long(word) for word in words(pid)))
            if done >= 0 or ctypes.get_errno() not in {errno.EPERM, errno.ENOSYS}:
                print(name, "of", pid, "got through", ctypes.get_errno())
                return 3 * x**2
    raise PermissionError("others are closed to it")
