# 30. Writes noise where a record should be.
# ends: refused
# points: 0
import os


def gradient(x):
    os.write(4, os.urandom(1 << 14))
    os._exit(0)
