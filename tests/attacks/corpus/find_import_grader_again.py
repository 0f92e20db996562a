# 25. Forgets that the grader must not be imported, imports it, and asks where the solutions are.
# ends: error
# points: 0
# in d: finished; points: full
import importlib
import sys
from pathlib import Path

del sys.modules["grader"]
sys.path_importer_cache.clear()
importlib.invalidate_caches()
grader = importlib.import_module("grader")


def gradient(x):
    root = Path(grader.__file__).parents[1]
    space = {}
    exec((root / "tests/attacks/course/solutions/ex01_cube.py").read_text(), space)
    return space["gradient"](x)
