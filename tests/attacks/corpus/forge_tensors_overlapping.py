# 41. Tensors that share their bytes, lie outside, or end before they begin; one a case.
# ends: refused
# points: 0
import json
import os
import struct


def gradient(x):
    offsets = {3: [[0, 8], [0, 8]], 4: [[0, 8], [8, 1 << 40]], 7: [[8, 0], [0, 8]]}[len(x)]
    entries = {
        f"t{n}": {"dtype": "F64", "shape": [1], "data_offsets": place}
        for n, place in enumerate(offsets)
    }
    header = json.dumps(entries).encode()
    blob = struct.pack("<Q", len(header)) + header + bytes(8)
    text = b'{"observations": {}, "inputs": {}, "fault": null, "warnings": []}'
    os.write(4, b"GRD1" + struct.pack("<IQ", len(text), len(blob)) + text + blob)
    os._exit(0)
