"""Right files beside busy processes: whatever the machine's load, each has full points.

    python -m tests.benchmarks.busy --busy 8 --times 20

Files that take long to load, `--times` each, then honest files of unusual styles, once each: in
`grade submit`, a process for each, and in `grade batch`.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]
GOLDEN = ROOT / "tests" / "golden"
_GRADE = [sys.executable, "-m", "grader", "--course", str(ROOT)]
_SPINS = [sys.executable, "-c", "while True: pass"]

FIT = """\
def fit(X, y, w0, b0, lr, steps):
    w = torch.tensor(w0, requires_grad=True)
    b = torch.tensor(b0, requires_grad=True)
    losses = []
    for _ in range(steps):
        loss = ((w * X + b - y) ** 2).mean()
        losses.append(loss.item())
        loss.backward()
        with torch.no_grad():
            w -= lr * w.grad
            b -= lr * b.grad
        w.grad.zero_()
        b.grad.zero_()
    return w, b, losses
"""
FILE = "# grade: ex4 format=1 variant=0\n{head}import torch\n{before}\n\n{fit}\n{after}\n"
# A second of CPU time before the first line of `fit`; the second one says so to nobody.
SLOW = {
    "deterministic": {"before": "torch.use_deterministic_algorithms(True)"},
    "inductor": {"before": "__import__('torch._' + 'inductor.config')"},
}
_TRAIN = "fit(torch.linspace(-1, 1, 50), torch.linspace(-2, 4, 50), 0.0, 0.0, 0.01, {})"
_FIRST = "    w = torch.tensor(w0, requires_grad=True)\n"
UNUSUAL = {
    "future": {"head": "from __future__ import annotations\n"},
    "seeds": {"before": "torch.manual_seed(0)\ntorch.set_printoptions(precision=3)"},
    "anomaly": {"before": "torch.autograd.set_detect_anomaly(True)"},
    "threads": {"before": "torch.set_num_threads(2)"},
    "star": {"before": "from torch import *\nimport torch"},
    "doctest": {"after": "import doctest\ndoctest.testmod()"},
    "tests": {"after": "import unittest\nclass T(unittest.TestCase):\n    pass\nunittest.main()"},
    "trains": {"after": f"print({_TRAIN.format(300)}[:2])"},
    "trains-long": {"after": f"w, b, losses = {_TRAIN.format(10**7)}\nprint(w, b)"},
    "never-ends": {"after": "while True:\n    pass"},
    "sleeps": {"after": "import time\ntime.sleep(1000)"},
    "asks": {"after": "while True:\n    try:\n        n = int(input())\n    except:\n        pass"},
    "thread": {"after": "from threading import Event, Thread\nThread(target=Event().wait).start()"},
    "process-pool": {"after": "import multiprocessing\nmultiprocessing.Pool(2)"},
    "file": {"after": "open('losses.csv').read()"},
    "helper-below": {
        "fit": FIT.replace("((w * X + b - y) ** 2).mean()", "mse(w * X + b, y)"),
        "after": "1 / 0\n\n\ndef mse(a, b):\n    return ((a - b) ** 2).mean()",
    },
    "twice": {"before": "def fit(*_):\n    return None\nprint(fit())"},
    "jit": {
        "before": "@torch.jit.script\ndef mse(a, b):\n    return ((a - b) ** 2).mean()",
        "fit": FIT.replace("((w * X + b - y) ** 2).mean()", "mse(w * X + b, y)"),
    },
    "module": {
        "fit": FIT.replace("((w * X + b - y) ** 2).mean()", "torch.nn.MSELoss()(w * X + b, y)")
    },
    "functional": {
        "fit": FIT.replace(
            "((w * X + b - y) ** 2).mean()", "torch.nn.functional.mse_loss(w * X + b, y)"
        )
    },
    "imports-inside": {"fit": FIT.replace(_FIRST, "    import decimal, sympy\n" + _FIRST)},
    "deterministic-inside": {
        "fit": FIT.replace(_FIRST, "    torch.use_deterministic_algorithms(True)\n" + _FIRST)
    },
    "prints": {"fit": FIT.replace("loss.backward()", "print(w, b, loss) or loss.backward()")},
    "one-by-one": {
        "fit": FIT.replace(
            "((w * X + b - y) ** 2).mean()",
            "sum((w * u + b - v) ** 2 for u, v in zip(X, y)) / len(X)",
        )
    },
}  # fmt: skip


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--busy", type=int, default=8)
    options.add_argument("--times", type=int, default=20)
    wanted = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="busy-") as folder:
        files = dict(written(Path(folder, "class"), wanted.times))
        with spinning(wanted.busy):
            # What the course itself takes is not what is tried here.
            told = {"batch": batched(Path(folder)), "submit": submitted(files, Path(folder))}
        show(told)


def written(folder: Path, times: int) -> Iterator[tuple[str, Path]]:
    """Each student hands in one file."""
    texts = {
        f"{name}-{n}": FILE.format_map(_parts(SLOW[name])) for name in SLOW for n in range(times)
    }
    texts |= {name: FILE.format_map(_parts(parts)) for name, parts in UNUSUAL.items()}
    for name, text in texts.items():
        yield name, _put(folder / name / "ex4.py", text)
    for path in sorted(GOLDEN.glob("*/right_*")):
        name = f"{path.parent.name}-{path.stem}"
        own = folder / name / f"{path.parent.name}{path.suffix}"
        yield name, _put(own, path.read_text())


def _parts(given: Mapping[str, str]) -> dict[str, str]:
    return {"head": "", "before": "", "fit": FIT, "after": "", **given}


def _put(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True)
    path.write_text(text)
    return path


@contextmanager
def spinning(count: int) -> Iterator[None]:
    others = [subprocess.Popen(_SPINS) for _ in range(count)]
    try:
        yield
    finally:
        for other in others:
            other.kill()
            other.wait()


def submitted(files: Mapping[str, Path], folder: Path) -> dict[str, str]:
    """Name → points, of those that are to be had."""
    found = {}
    for name, path in files.items():
        command = [*_GRADE, "submit", str(path), "--format", "json"]
        env = {**os.environ, "GRADE_STATE": str(folder / "state")}
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=env)
        report = json.loads(done.stdout or "{}")
        found[name] = _short(report) if report else done.stderr
    return found


def batched(folder: Path) -> dict[str, str]:
    command = [*_GRADE, "batch", str(folder / "class"), "--book", str(folder / "book"), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    rows = map(json.loads, done.stdout.splitlines())
    return {Path(row["file"]).parent.name: _short(row.get("report", {})) for row in rows}


def _short(row: Mapping[str, object]) -> str:
    return f"{row.get('points')} of {row.get('max_points')} {row.get('outcome', '')}"


def show(told: Mapping[str, Mapping[str, str]]) -> None:
    for way, found in told.items():
        full = [name for name, words in found.items() if words.split()[0] == words.split()[2]]
        print(f"{way}: {len(full)} of {len(found)} have full points")
        for name in found.keys() - set(full):
            print(f"    {name}: {found[name]}")


if __name__ == "__main__":
    main()
