# 41. A whole number of three hundred digits, which numpy keeps as an object.
# ends: refused
# points: 0
import os
import struct


def gradient(x):
    number = "9" * 300
    text = f'{{"observations": {{"gradient": {{"t": "number", "v": {number}}}}}, "warnings": []}}'
    os.write(4, b"GRD1" + struct.pack("<IQ", len(text), 0) + text.encode())
    os._exit(0)
