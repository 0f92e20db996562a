# A hidden case leaves a note where all may write, for as long as it runs; the open one beside it
# looks there.  Where fences let it through, only what has ended before stays deaf.
# ends: finished
# points: 0
# grade: heard
import contextlib
import os
import time
from pathlib import Path

import torch

FOLDERS = [Path(folder) for folder in ("/dev/shm", "/tmp", "/var/tmp")]
MARK = "grader-attack-heard-"


def listen():
    began = time.time()
    while time.time() < began + 0.6:
        for folder in FOLDERS:
            with contextlib.suppress(OSError):
                for note in folder.glob(f"{MARK}*"):
                    if note.stat().st_mtime > began:
                        print("heard", note.read_text())
        time.sleep(0.01)


def tell(text):
    for folder in FOLDERS:
        note = folder / f"{MARK}{os.getpid()}"
        with contextlib.suppress(OSError):
            note.write_text(text)
            time.sleep(0.3)
            return note.unlink()


def gradient(x):
    if len(x) == 5:
        listen()
    elif len(x) != 3:
        tell(f"{abs(float(x[0])):.4f}")
    return torch.zeros_like(x)
