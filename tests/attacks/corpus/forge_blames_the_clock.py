# 29. Reports that it ran out of time.
# ends: timeout
# points: 0
import os
import sys


def gradient(x):
    encoder = sys._getframe(3).f_locals["encoder"]
    fault = {"kind": "timeout", "message": "busy machine", "line": -5, "column": 10**9}
    record = {"observations": {}, "inputs": {}, "fault": fault, "warnings": []}
    os.write(4, encoder.frame(record))
    os._exit(0)
