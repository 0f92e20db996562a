"""What a child may read: Python, its packages and libraries, and a few small files.

Not all of `sys.path`: an editable install puts the folder of a course there, solutions and all.
"""

import site
import sys
import sysconfig
from collections.abc import Iterable
from pathlib import Path

BOX = Path(__file__).absolute().parents[1]
GRADER = BOX.parents[1]
DEVICES = ("/dev/null", "/dev/zero", "/dev/urandom")
_PATHS = ("stdlib", "platstdlib", "purelib", "platlib")
_OTHERS = ("/usr/share/zoneinfo", "/etc/localtime", "/etc/ld.so.cache")


def places() -> dict[str, str]:
    """Each folder or file by the name it is looked for → where it really is."""
    paths = sysconfig.get_paths()
    names = [paths[name] for name in _PATHS] + site.getsitepackages()
    for prefix in (sys.prefix, sys.base_prefix, "/usr/local", "/usr", "/"):
        names += [str(Path(prefix, "lib")), str(Path(prefix, "lib64"))]
    return {name: str(Path(name).resolve()) for name in [*names, *_OTHERS] if Path(name).exists()}


def outermost(paths: Iterable[str]) -> list[str]:
    """Those that lie in no other."""
    unique = {Path(path) for path in paths}
    return sorted(str(path) for path in unique if unique.isdisjoint(path.parents))


def around(folder: Path, hole: Path) -> list[str]:
    """What a folder holds but for the hole: the folder itself if the hole is not in it."""
    if folder == hole:
        return []
    if folder not in hole.parents:
        return [str(folder)]
    return [path for entry in folder.iterdir() for path in around(entry, hole)]


def closed_to_others(path: str) -> str:
    """The first folder on the way there that only its owner may enter, or ""."""
    way = [*reversed(Path(path).parents), Path(path)]
    return next((str(folder) for folder in way if not folder.stat().st_mode & 0o005), "")
