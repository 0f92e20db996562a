# 29. Walks to the result pipe, writes a perfect record of wrong values, and leaves.
# ends: finished
# points: 0
import json
import os
import struct

import numpy as np
from safetensors.numpy import save


def tensor(name):
    return {
        "t": "tensor", "value": name, "dtype": "float32", "requires_grad": False,
        "is_leaf": True, "grad": None, "grad_fn": None, "storage": 0, "version": 0,
    }


def frame(values, x):
    arrays = {"t0": np.array(values, dtype=np.float64), "t1": np.array(x, dtype=np.float64)}
    blob = save(arrays)
    text = json.dumps({
        "observations": {"gradient": tensor("t0")}, "inputs": {"x": tensor("t1")},
        "fault": None, "cell_faults": [], "warnings": [],
    }).encode()
    return b"GRD1" + struct.pack("<IQ", len(text), len(blob)) + text + blob


def gradient(x):
    os.write(4, frame([1.0] * len(x), x.tolist()))
    os._exit(0)
