# 41. Every part of a record in a form that it should not have; which one depends on the case.
# ends: refused
# points: 0
import json
import os
import struct


def gradient(x):
    fine = {"observations": {}, "inputs": {}, "fault": None, "cell_faults": [], "warnings": []}
    wrong = {
        3: {"observations": [["gradient", 1]]},
        4: {"cell_faults": {"a": 1}, "fault": ["timeout"]},
        7: {"warnings": [{"kind": 1}]},
    }
    text = json.dumps({**fine, **wrong[len(x)]}).encode()
    os.write(4, b"GRD1" + struct.pack("<IQ", len(text), 0) + text)
    os._exit(0)
