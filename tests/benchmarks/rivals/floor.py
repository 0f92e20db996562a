"""The floor: torch is warm, each submission is forked and run, and nobody looks at the result.

`floor.py FOLDER SLOTS FORK COLLAPSE`: without FORK all runs in this process; with COLLAPSE its
memory is put into huge pages first, as the fork server's is.  Prints the seconds after warming up.
"""

import gc
import os
import sys
import time
from pathlib import Path

import torch
from compared import run

sys.path.insert(0, str(Path(__file__).parents[3] / "grader" / "sandbox"))
from box import huge_pages

FILES = sorted(Path(sys.argv[1]).glob("*.py"))
SLOTS, FORK, COLLAPSE = (int(word) for word in sys.argv[2:])


def forked() -> None:
    running = 0
    for path in FILES:
        if running == SLOTS:
            os.wait()
            running -= 1
        if os.fork() == 0:
            try:
                run(path)
            finally:
                os._exit(0)
        running += 1
    while running:
        os.wait()
        running -= 1


torch.set_num_threads(1)
run(FILES[0])
gc.freeze()
if COLLAPSE:
    maps = os.open("/proc/self/maps", os.O_RDONLY)
    huge_pages.collapse(maps)
started = time.perf_counter()
if FORK:
    forked()
else:
    for file in FILES:
        run(file)
print(time.perf_counter() - started)
os._exit(0)
