# 41. Announces more than there is memory, and sends nothing of it.
# ends: refused
# points: 0
import os
import struct


def gradient(x):
    os.write(4, b"GRD1" + struct.pack("<IQ", 0xFFFFFFFF, 0xFFFFFFFFFFFFFFFF))
    os._exit(0)
