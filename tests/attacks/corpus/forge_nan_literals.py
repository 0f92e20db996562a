# 41. NaN and Infinity, which are not JSON.
# ends: refused
# points: 0
import os
import struct


def gradient(x):
    text = b'{"observations": {"gradient": {"t": "number", "v": NaN}}, "warnings": [-Infinity]}'
    os.write(4, b"GRD1" + struct.pack("<IQ", len(text), 0) + text)
    os._exit(0)
