# 47. Gives back the memory that torch's libraries take, and has as much for itself on top.
# ends: memory | crashed | error
# points: 0
import ctypes
import mmap


MUCH = 300 << 20  # more than the budget
libc = ctypes.CDLL(None, use_errno=True)
libc.mmap.restype = ctypes.c_void_p


class Found(ctypes.Structure):
    _fields_ = [("base", ctypes.c_void_p), ("name", ctypes.c_char_p)]


def places():
    """Where the largest libraries lie."""
    found = []
    kind = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(Found), ctypes.c_size_t, ctypes.c_void_p)
    keep = kind(lambda info, *_: found.append((info[0].base, info[0].name)) or 0)
    libc.dl_iterate_phdr(keep, None)
    return [base for base, name in found if name and b"libtorch_cpu" in name]


def gradient(x):
    answer = 3 * x**2
    for base in places():
        # Its constants and code; what it writes to lies behind them.
        libc.munmap(ctypes.c_void_p(base + (200 << 20)), ctypes.c_size_t(60 << 20))
    both = mmap.PROT_READ | mmap.PROT_WRITE
    private = mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS
    for _ in range(MUCH >> 20):
        part = libc.mmap(None, ctypes.c_size_t(1 << 20), both, private, -1, ctypes.c_long(0))
        if part in (None, ctypes.c_void_p(-1).value):
            raise MemoryError
    print(MUCH, "were had", flush=True)
    return answer
