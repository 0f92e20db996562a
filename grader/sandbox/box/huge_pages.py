"""Puts the memory of a process into huge pages: what is forked often, forks and runs faster then.

A fork copies one entry a page and its end frees it again; of torch's 220 MB that is most of the
cost of a short run.
"""

import ctypes
import os

_SIZE = 2 << 20
_MADV_COLLAPSE = 25  # from Linux 6.1 on, whatever the system's setting for huge pages is
_CHUNK = 1 << 16


def collapse(maps: int) -> None:
    """Do it once for all private memory; `maps` is an open /proc/self/maps.

    It takes about half a second, and where the kernel cannot, things stay as they are.
    """
    madvise = ctypes.CDLL(None).madvise
    for line in _text(maps).splitlines():
        where, rights, _, _, _, *name = line.split()
        if rights != "rw-p" or (name and name != ["[heap]"]):
            continue
        first, last = (int(address, 16) for address in where.split("-"))
        first, last = -(-first // _SIZE) * _SIZE, last // _SIZE * _SIZE
        if first < last:
            madvise(ctypes.c_void_p(first), ctypes.c_size_t(last - first), _MADV_COLLAPSE)


def _text(maps: int) -> str:
    os.lseek(maps, 0, os.SEEK_SET)
    parts = []
    while part := os.read(maps, _CHUNK):
        parts.append(part)
    return b"".join(parts).decode()
