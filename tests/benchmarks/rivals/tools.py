"""nbgrader and otter in an environment of their own; torch is the project's."""

import os
import signal
import subprocess
import sys
import sysconfig
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parents[3]
VENV = ROOT / "build" / "rivals-venv"
_NEEDED = ("nbgrader==0.9.6", "otter-grader==7.0.0")


def install() -> None:
    """Takes a minute or two, and 700 MB; what is there stays."""
    ready = VENV / "ready"
    if ready.exists():
        return
    subprocess.run([sys.executable, "-m", "venv", str(VENV)], check=True)
    subprocess.run([str(VENV / "bin" / "pip"), "install", "--quiet", *_NEEDED], check=True)
    (theirs,) = VENV.glob("lib/python*/site-packages")
    # A path file comes after the folder's own packages, so theirs win.
    (theirs / "of_the_project.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    (VENV / "home").mkdir()  # where they keep what they make at their first start
    ready.touch()


def run(tool: str, words: Sequence[str], folder: Path, seconds: float | None = None) -> bool:
    """Run one to its end, or kill it and what it started; was it in time?"""
    paths = {"PATH": f"{VENV / 'bin'}:{os.environ['PATH']}", "HOME": str(VENV / "home")}
    with (
        (folder / "log").open("ab") as log,
        subprocess.Popen(
            [str(VENV / "bin" / tool), *words],
            cwd=folder,
            env={**os.environ, **paths, "OMP_NUM_THREADS": "1"},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        ) as process,
    ):
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        finally:
            _end(process)
    return True


def _end(process: subprocess.Popen[bytes]) -> None:
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return
