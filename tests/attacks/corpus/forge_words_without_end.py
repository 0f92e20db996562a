# Kinds, types, messages and names as long as may be, of what nobody can see: the report stays small.
# ends: error
# points: 0
import json
import os
import struct

LONG = "\U000e0100" * 2000


def gradient(x):
    kinds = ["syntax", "no_graph", "memory", "power", "other", "recursion", "leaf_inplace"]
    faults = [
        {"kind": kind, "type": LONG, "message": LONG, "place": LONG, "line": n, "column": 10**6}
        for n, kind in enumerate(kinds * 5)
    ]
    seen = {LONG + str(n): {"t": "other", "type": LONG} for n in range(9)}
    seen["gradient"] = {"t": "text", "v": LONG}
    told = {"observations": seen, "inputs": {}, "fault": faults[0], "cell_faults": faults}
    text = json.dumps({**told, "warnings": [LONG] * 50}, ensure_ascii=False).encode()
    whole = b"GRD1" + struct.pack("<IQ", len(text), 0) + text
    while whole:
        whole = whole[os.write(4, whole) :]
    os._exit(0)
