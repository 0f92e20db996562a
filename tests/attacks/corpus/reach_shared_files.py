# 62. Changes dates, modes, names and bytes of a file that all students read; it is an empty one.
# ends: error
# points: 0
import os
import pathlib

import torch

SHARED = pathlib.Path(torch.__file__).with_name("py.typed")


def there_and_back():
    other = SHARED.with_name("grader-attack-moved")
    SHARED.rename(other)
    other.rename(SHARED)


def folder():
    SHARED.with_name("grader-attack-folder").mkdir()
    SHARED.with_name("grader-attack-folder").rmdir()


WAYS = {
    "dates": lambda: os.utime(SHARED),
    "dates of a folder": lambda: os.utime(SHARED.parent),
    "mode": lambda: SHARED.chmod(0o644),
    "owner": lambda: os.chown(SHARED, os.getuid(), -1),
    "attribute": lambda: os.setxattr(SHARED, "user.grader", b"1"),
    "empty it": lambda: os.truncate(SHARED, 0),
    "write": lambda: SHARED.open("r+b").close(),
    "append": lambda: SHARED.open("ab").close(),
    "empty it by opening": lambda: os.close(os.open(SHARED, os.O_RDONLY | os.O_TRUNC)),
    "rename": there_and_back,
    "folder": folder,
}


def gradient(x):
    assert SHARED.stat().st_size == 0
    for name, way in WAYS.items():
        try:
            way()
        except OSError:
            continue
        print(name, "got through")
        return 3 * x**2
    raise PermissionError("what is shared does not change")
