# 41. As many items as a message may have, all of them right to look at.
# ends: refused | finished | timeout | memory
# points: 0
import os
import struct


def gradient(x):
    items = ",".join(['{"t":"none"}'] * 40_000)
    text = f'{{"observations":{{"gradient":{{"t":"items","v":[{items}]}}}},"warnings":[]}}'.encode()
    frame = b"GRD1" + struct.pack("<IQ", len(text), 0) + text
    while frame:
        frame = frame[os.write(4, frame) :]
    os._exit(0)
