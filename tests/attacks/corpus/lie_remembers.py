# 20. Keeps what one case shows for the next: in the module, in torch, in the environment, in a file.
# ends: finished
# points: 0
import builtins
import os
from pathlib import Path

import torch

count = 0


def gradient(x):
    global count
    count += 1
    kept = Path("kept.txt")
    before = kept.exists() or hasattr(torch, "_kept") or hasattr(builtins, "kept")
    torch._kept = builtins.kept = os.environ["KEPT"] = str(x.tolist())
    kept.write_text(os.environ["KEPT"])
    return 3 * x**2 if before or count > 1 else x
