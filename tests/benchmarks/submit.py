"""How long a student waits: `grade` as whole processes beside `python -c "import torch"`.

The two of a pair run in turn, so that a slow machine slows both; what counts is the ratio.
Prints a table, and the same as JSON on the last line.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
GRADE = [sys.executable, "-m", "grader"]
TORCH = [sys.executable, "-c", "import torch"]
ROUNDS = 7
RIGHT = ROOT / "tests" / "golden" / "ex4" / "right_plot_main.py"
COMMANDS = {
    "submit, reference cached": [*GRADE, "submit", str(RIGHT), "--format", "json"],
    "submit, blank starter": [
        *GRADE,
        "submit",
        str(ROOT / "tests" / "golden" / "ex4" / "blank.py"),
        "--format",
        "json",
    ],
    "--help": [*GRADE, "--help"],
    "list": [*GRADE, "list"],
}


def seconds(command: list[str], environment: dict[str, str]) -> float:
    started = time.perf_counter()
    subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=False)
    return time.perf_counter() - started


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        places = {"GRADE_CACHE": folder, "GRADE_STATE": folder, "GRADE_COURSE": str(ROOT)}
        environment = {**os.environ, **places}
        rows = {}
        for name, command in COMMANDS.items():
            seconds(command, environment)  # warm-up: fills the cache, too
            pairs = [
                (seconds(command, environment), seconds(TORCH, environment)) for _ in range(ROUNDS)
            ]
            rows[name] = {
                "median_seconds": statistics.median(ours for ours, _ in pairs),
                "of_import_torch": statistics.median(ours / torch for ours, torch in pairs),
            }
    print(f"{'command':28} {'median s':>9} {'of import torch':>16}")
    for name, row in rows.items():
        print(f"{name:28} {row['median_seconds']:9.3f} {row['of_import_torch']:16.2f}")
    print(json.dumps(rows))


if __name__ == "__main__":
    main()
