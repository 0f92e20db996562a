# 41. Whole numbers of a million digits, and one too large for a float.
# ends: refused
# points: 0
import os
import struct


def gradient(x):
    number = "9" * 1_000_000
    text = f'{{"observations": {{"gradient": {{"t": "number", "v": {number}}}}}, "warnings": []}}'
    frame = b"GRD1" + struct.pack("<IQ", len(text), 0) + text.encode()
    while frame:
        frame = frame[os.write(4, frame) :]
    os._exit(0)
