# 41. JSON that is nested as deep as a message may be long.
# ends: refused
# points: 0
import os
import struct


def gradient(x):
    deep = 40_000
    text = b'{"observations": ' + b"[" * deep + b"]" * deep + b', "warnings": []}'
    frame = b"GRD1" + struct.pack("<IQ", len(text), 0) + text
    while frame:
        frame = frame[os.write(4, frame) :]
    os._exit(0)
