"""Tokens → fingerprints, by winnowing.

Schleimer, Wilkerson, Aiken: "Winnowing: Local Algorithms for Document Fingerprinting", SIGMOD 2003.
Of every WINDOW successive hashes of RUN tokens the least is kept, the rightmost of equal ones.  So
a run of SURE tokens or more that two texts share leaves a fingerprint that both have, and nothing
shorter than RUN tokens ever does.
"""

import zlib
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt

RUN = 6
WINDOW = 3
SURE = RUN + WINDOW - 1

Hashes = npt.NDArray[np.int64]

_BASE = np.uint64(0x9E3779B97F4A7C15)  # odd, so that no power of it is 0
_MIX = np.uint64(0xBF58476D1CE4E5B9)


def hashes(senses: Sequence[str]) -> Hashes:
    """One hash for each run of RUN tokens, in their order; the same on any machine."""
    codes = np.fromiter(map(_code, senses), np.uint64, len(senses))
    count = len(codes) - RUN + 1
    if count <= 0:
        return np.empty(0, np.int64)
    total = np.zeros(count, np.uint64)
    for at in range(RUN):  # wraps around, as it should
        total = total * _BASE + codes[at : at + count]
    return ((total ^ (total >> np.uint64(31))) * _MIX).view(np.int64)


def winnowed(run_hashes: Hashes) -> Hashes:
    """The distinct fingerprints among the hashes of a text."""
    if len(run_hashes) <= WINDOW:
        return run_hashes.min(keepdims=True) if len(run_hashes) else run_hashes
    windows = np.lib.stride_tricks.sliding_window_view(run_hashes, WINDOW)
    kept = WINDOW - 1 - windows[:, ::-1].argmin(axis=1) + np.arange(len(windows))
    return np.unique(run_hashes[kept])


@lru_cache(maxsize=4096)
def _code(sense: str) -> int:
    return zlib.crc32(sense.encode(errors="surrogatepass"))
