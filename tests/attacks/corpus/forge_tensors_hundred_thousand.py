# 41. A hundred thousand tensors without a number in them.
# ends: refused
# points: 0
import json
import os
import struct


def gradient(x):
    entry = {"dtype": "F64", "shape": [0], "data_offsets": [0, 0]}
    header = json.dumps({f"t{n}": entry for n in range(100_000)}).encode()
    blob = struct.pack("<Q", len(header)) + header
    text = b'{"observations": {}, "inputs": {}, "fault": null, "warnings": []}'
    frame = b"GRD1" + struct.pack("<IQ", len(text), len(blob)) + text + blob
    while frame:
        frame = frame[os.write(4, frame) :]
    os._exit(0)
