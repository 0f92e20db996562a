# 25. Forgets that the grader must not be imported, imports it, and takes a solution beside it.
# ends: error
# points: 0
# in d: finished; points: full
# The stage puts one three folders above.
import importlib
import sys
from pathlib import Path

del sys.modules["grader"]
sys.path_importer_cache.clear()
importlib.invalidate_caches()
grader = importlib.import_module("grader")


def gradient(x):
    assert Path(grader.__file__).read_text()
    space = {}
    exec(Path("../../../solutions/ex01_cube.py").read_text(), space)
    return space["gradient"](x)
