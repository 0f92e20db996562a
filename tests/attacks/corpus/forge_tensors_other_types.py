# 41. Tensors of types that no answer has, of flags that are neither 0 nor 1, and of 17 dimensions.
# ends: refused | finished
# points: 0
import json
import os
import struct


def gradient(x):
    entry = {
        3: {"dtype": "F8_E4M3", "shape": [8]},
        4: {"dtype": "BOOL", "shape": [8]},
        7: {"dtype": "F64", "shape": [1] * 17},
    }[len(x)]
    header = json.dumps({"t0": {**entry, "data_offsets": [0, 8]}}).encode()
    blob = struct.pack("<Q", len(header)) + header + b"\xff" * 8
    tensor = {
        "t": "tensor", "value": "t0", "dtype": "float32", "requires_grad": 1, "is_leaf": "yes",
        "grad": None, "grad_fn": None, "storage": 0, "version": 0,
    }
    message = {"observations": {"gradient": tensor}, "inputs": {}, "fault": None, "warnings": []}
    text = json.dumps(message).encode()
    os.write(4, b"GRD1" + struct.pack("<IQ", len(text), len(blob)) + text + blob)
    os._exit(0)
