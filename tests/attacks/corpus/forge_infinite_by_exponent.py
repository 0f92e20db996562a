# 41. A number that is JSON, and infinite.
# ends: finished
# points: 0
import os
import struct


def gradient(x):
    text = b'{"observations": {"gradient": {"t": "number", "v": 1e999}}, "warnings": []}'
    os.write(4, b"GRD1" + struct.pack("<IQ", len(text), 0) + text)
    os._exit(0)
