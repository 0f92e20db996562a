"""A rival: a pool of processes, a new one for each submission.  No confinement, no time limit."""

import multiprocessing
import sys
from pathlib import Path

import torch
from compared import right, run

torch.set_num_threads(1)
FILES = sorted(Path(sys.argv[1]).glob("*.py"))
WANTED = run(FILES[0])


def graded(path: Path) -> bool:
    return right(run(path), WANTED)


if __name__ == "__main__":
    with multiprocessing.get_context("fork").Pool(2, maxtasksperchild=1) as pool:
        print(sum(pool.imap_unordered(graded, FILES, chunksize=1)))
