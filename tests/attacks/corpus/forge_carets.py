# Claims a syntax error in column 1 000 000 of each of its lines, and of lines that are none.
# ends: error
# points: 0
import json
import os
import struct


def gradient(x):
    place = gradient.__code__.co_filename
    fault = {"kind": "syntax", "type": "E" * 2000, "message": "m" * 2000, "text": "x" * 2000}
    faults = [{**fault, "place": place, "line": n, "column": 1_000_000} for n in range(99)]
    record = {"observations": {}, "inputs": {}, "fault": faults[1], "cell_faults": faults}
    record["warnings"] = ["w" * 2000] * 50
    body = json.dumps(record).encode()
    os.write(4, b"GRD1" + struct.pack("<IQ", len(body), 0) + body)
    os._exit(0)
