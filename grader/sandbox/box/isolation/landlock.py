"""Which files a child may read and write, by Landlock: the kernel's fence that needs no root.

A version of its interface (ABI) cannot guard what it does not know yet; `seccomp` closes part of
that.  It guards no file that is already open, no `stat`, no `chmod`.  After it there is no mount.
"""

import os
import struct
from collections.abc import Iterable
from pathlib import Path

from . import linux, readable
from .lacks import Lack, Unfit

ABI_OF_SCOPES = 6

EXECUTE = 1 << 0
WRITE_FILE = 1 << 1
READ_FILE = 1 << 2
READ_DIR = 1 << 3
REMOVE_DIR = 1 << 4
REMOVE_FILE = 1 << 5
MAKE_DIR = 1 << 7
MAKE_REG = 1 << 8
REFER = 1 << 13
TRUNCATE = 1 << 14

# All rights that an ABI knows are handled, hence refused unless a rule grants them.
_HANDLED = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 4: (1 << 15) - 1}
_HANDLED_SINCE_5 = (1 << 16) - 1
_TCP = 0b11  # bind, connect
_SCOPES = 0b11  # abstract sockets, signals
_RESTRICT_SELF_LOG_SAME_EXEC_OFF = 1  # a child's attempts would flood the audit log

_READ = READ_FILE | READ_DIR
_CHANGE = WRITE_FILE | REMOVE_DIR | REMOVE_FILE | MAKE_DIR | MAKE_REG | REFER | TRUNCATE


def abi() -> int:
    """Raises OSError, in words, where there is none."""
    try:
        return linux.landlock_abi()
    except OSError as error:
        raise Unfit(Lack.LANDLOCK, "this kernel has no Landlock, or it is off") from error


def rules(*, hole: Path | None) -> tuple[tuple[str, int], ...]:
    """What every child may do: path → rights.  What is in the hole can be listed, not read."""
    grants: dict[str, int] = {}
    for path in readable.outermost(readable.places().values()):
        parts = readable.around(Path(path), hole) if hole else [path]
        if parts != [path]:
            grants[path] = READ_DIR
        grants.update({part: _READ if Path(part).is_dir() else READ_FILE for part in parts})
    grants.update(dict.fromkeys(readable.DEVICES, READ_FILE | WRITE_FILE))
    return tuple(grants.items())


def restrict(abi: int, rules: Iterable[tuple[str, int]], work: str) -> None:
    """For good: only what the rules grant, and all but executing in the work folder."""
    handled = _HANDLED.get(abi, _HANDLED_SINCE_5)
    ruleset = linux.landlock_create_ruleset(_attributes(abi, handled))
    for path, rights in (*rules, (work, _READ | _CHANGE)):
        fd = os.open(path, os.O_PATH | os.O_CLOEXEC)
        linux.landlock_add_rule(ruleset, rights & handled, fd)
        os.close(fd)
    linux.landlock_restrict_self(ruleset, _RESTRICT_SELF_LOG_SAME_EXEC_OFF if abi >= 7 else 0)
    os.close(ruleset)


def _attributes(abi: int, handled: int) -> bytes:
    words = [handled]
    if abi >= 4:
        words.append(_TCP)
    if abi >= ABI_OF_SCOPES:
        words.append(_SCOPES)
    return struct.pack(f"{len(words)}Q", *words)
