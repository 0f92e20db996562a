# 41. A tensor of 2**62 columns and no rows.
# ends: refused
# points: 0
import json
import os
import struct


def gradient(x):
    header = json.dumps({"t0": {"dtype": "F64", "shape": [0, 1 << 62], "data_offsets": [0, 0]}})
    blob = struct.pack("<Q", len(header)) + header.encode()
    text = b'{"observations": {}, "inputs": {}, "fault": null, "warnings": []}'
    os.write(4, b"GRD1" + struct.pack("<IQ", len(text), len(blob)) + text + blob)
    os._exit(0)
