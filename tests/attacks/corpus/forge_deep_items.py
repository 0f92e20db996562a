# 41. Lists in lists, as deep as Python's own limit allows.
# ends: refused
# points: 0
import os
import struct


def gradient(x):
    item = '{"t": "items", "v": [' * 300 + "]}" * 300
    text = f'{{"observations": {{"gradient": {item}}}, "warnings": []}}'.encode()
    os.write(4, b"GRD1" + struct.pack("<IQ", len(text), 0) + text)
    os._exit(0)
