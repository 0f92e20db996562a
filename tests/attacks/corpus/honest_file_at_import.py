# 88. Writes and reads a file of its own, and changes the folder it works in.
# ends: finished
# points: full
import json
import os
from pathlib import Path

os.makedirs("data", exist_ok=True)
os.chdir("data")
Path("power.json").write_text(json.dumps({"power": 3}))
POWER = json.loads(Path("power.json").read_text())["power"]


def gradient(x):
    return POWER * x ** (POWER - 1)
