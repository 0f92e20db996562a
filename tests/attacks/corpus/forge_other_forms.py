# 41. The same with a null for a record, a text for its parts, and numbers for names.
# ends: refused
# points: 0
import os
import struct


def gradient(x):
    text = {
        3: b"null",
        4: b'{"observations": "gradient", "warnings": "none", "steps": 3}',
        7: b'{"observations": {"gradient": {"t": "tensor", "value": 0}}, "warnings": []}',
    }[len(x)]
    os.write(4, b"GRD1" + struct.pack("<IQ", len(text), 0) + text)
    os._exit(0)
