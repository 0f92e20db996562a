# 50. Announces a result of 60 MB, sends half of it, closes the channel and stays.
# ends: timeout
# points: 0
import os
import signal
import struct
import time


def gradient(x):
    signal.setitimer(signal.ITIMER_REAL, 0)
    os.write(4, b"GRD1" + struct.pack("<IQ", 100, 60 << 20))
    for _ in range(30):
        os.write(4, bytes(1 << 20))
    os.closerange(0, 64)
    time.sleep(99)
