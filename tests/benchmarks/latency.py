"""How long one `grade submit` takes, cold and by the background grader, beside `import torch`.

Whole processes; the reference is cached.  The submission's own run is a part of it.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parents[2]
GRADE = [sys.executable, "-m", "grader"]
TORCH = [sys.executable, "-c", "import torch"]
GOLDEN = ROOT / "tests" / "golden" / "ex4"
ROUNDS = 9
COMMANDS = {
    "submit": [*GRADE, "submit", str(GOLDEN / "right_plot_main.py"), "--format", "json"],
    "submit, blank starter": [*GRADE, "submit", str(GOLDEN / "blank.py"), "--format", "json"],
    "--help": [*GRADE, "--help"],
    "list": [*GRADE, "list"],
}


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        own = {"GRADE_CACHE": folder, "GRADE_STATE": folder, "GRADE_COURSE": str(ROOT)}
        environment = {**os.environ, **own, "XDG_RUNTIME_DIR": folder}
        rows = {name: beside_torch(command, environment) for name, command in COMMANDS.items()}
        rows["submit, background"] = in_background(environment)
    print(f"{'command':24} {'p50 s':>7} {'p95 s':>7} {'of import torch':>16}")
    for name, row in rows.items():
        print(f"{name:24} {row['p50']:7.3f} {row['p95']:7.3f} {row['of_import_torch']:16.2f}")
    print(json.dumps(rows))


def beside_torch(command: list[str], environment: Mapping[str, str]) -> dict[str, float]:
    seconds(command, environment)  # warm-up: fills the cache, too
    pairs = [(seconds(command, environment), seconds(TORCH, environment)) for _ in range(ROUNDS)]
    times = sorted(ours for ours, _ in pairs)
    return {
        "p50": statistics.median(times),
        "p95": times[int(0.95 * len(times))],
        "of_import_torch": statistics.median(ours / torch for ours, torch in pairs),
    }


def in_background(environment: Mapping[str, str]) -> dict[str, float]:
    """By one that is warm: it has answered, and loaded all that it loads."""
    command = [sys.executable, "-m", "grader.cli.answering"]
    with subprocess.Popen(command, env=environment) as answering:
        while not any(p.is_socket() for p in Path(environment["XDG_RUNTIME_DIR"]).rglob("*")):
            time.sleep(0.1)
        for _ in range(3):
            seconds(COMMANDS["submit"], environment)
        row = beside_torch(COMMANDS["submit"], environment)
        answering.kill()
    return row


def seconds(command: list[str], environment: Mapping[str, str]) -> float:
    started = time.perf_counter()
    subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=False)
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
