# 88. Keeps its working in temporary files.
# ends: finished
# points: full
import tempfile
from pathlib import Path

import numpy as np
import torch


def gradient(x):
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryFile() as file:
        np.save(Path(folder) / "x.npy", x.numpy())
        file.write(b"text")
        return torch.from_numpy(3 * np.load(Path(folder) / "x.npy") ** 2)
