# A trace whose leaves are flags, which cannot be subtracted, then integers without an absolute value.
# ends: finished | error
# points: 0
import json
import os
import struct

import numpy as np
from safetensors.numpy import save


def gradient(x):
    kinds = {3: np.array([True, False]), 4: np.array(-(2**63))}
    arrays = {f"t{n}": kinds.get(len(x), np.array(1.7e308)) for n in range(30)}
    leaves = [{"w": [f"t{n}", f"t{n + 1}", f"t{n + 2}"]} for n in range(0, 30, 3)]
    steps = [{"loss": (-1) ** n * 1.7e308, "leaves": each} for n, each in enumerate(leaves)]
    seen = {"observations": {}, "inputs": {}, "fault": None, "warnings": [], "steps": steps}
    text, blob = json.dumps(seen).encode(), save(arrays)
    os.write(4, b"GRD1" + struct.pack("<IQ", len(text), len(blob)) + text + blob)
    os._exit(0)
