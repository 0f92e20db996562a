"""Way → how to become its user, and whether this machine can do what it needs.

A way is a mode of isolation together with who the fork server runs as.
"""

import ctypes
import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from grader.sandbox.box.isolation import landlock, readable
from grader.sandbox.box.isolation.syscalls import numbers

# Another one in each process of tests: without namespaces, a user's threads are counted together.
PLAIN_USER = 59_000 + int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
ENVIRONMENT = {"PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "OMP_NUM_THREADS": "1"}
ENVIRONMENT["OPENBLAS_NUM_THREADS"] = "1"
NO_MOUNTS = 99  # exit code
_TESTS = Path(__file__).parent
_ABI_OF_LANDLOCK = 1  # LANDLOCK_CREATE_RULESET_VERSION

# A mount namespace in which a plain user can reach a Python that lies in root's home.
_REACH = f"""
stage=$1 closed=$2; shift 2; mkdir -p "$stage"
mount -t tmpfs -o mode=755 tmpfs "$stage" || exit {NO_MOUNTS}
while [ "$1" != -- ]; do
    mkdir -p "$stage/$1" && mount --rbind "$1" "$stage/$1" || exit {NO_MOUNTS}; shift
done
shift; mount --rbind "$stage$closed" "$closed" && exec "$@"
"""


class Way(NamedTuple):
    mode: str
    root: bool

    def __str__(self) -> str:
        return f"{self.mode}-{'root' if self.root else 'user'}"


ROOT = [Way(mode, root=True) for mode in ("a", "c", "c_old", "d")]
USER = [Way(mode, root=False) for mode in ("b", "c", "c_old")]
WAYS = ROOT + USER


def as_user(way: Way, folder: Path) -> list[str]:
    """What stands before a command that this way's user is to run; `folder` is for mounts."""
    if os.geteuid():
        return []
    ids = [f"--reuid={PLAIN_USER}", f"--regid={PLAIN_USER}", "--clear-groups"]
    become = [] if way.root else ["setpriv", *ids]
    needed = {sys.prefix, sys.base_prefix, str(_TESTS.parent)}
    closed = {readable.closed_to_others(path) for path in needed} - {""}
    if not closed:
        return become
    top = min(closed)
    inside = [path for path in needed if path.startswith(top)]
    reach = ["sh", "-c", _REACH, "sh", str(folder / "stage"), top, *inside, "--"]
    return ["unshare", "--mount", *reach, *become]


def hand_over(way: Way, path: Path) -> None:
    """Let this way's user own what the tests have made."""
    if os.geteuid() == 0 and not way.root:
        os.chown(path, PLAIN_USER, PLAIN_USER)


def sure(way: Way, folder: Path) -> bool:
    """Can this machine enter the way's mode, asked without the grader's own code?"""
    tool = {"a": ["--mount"], "b": ["--user", "--map-current-user", "--mount"]}
    if way.mode in tool:
        command = [*as_user(way, folder), "unshare", "--pid", "--fork", *tool[way.mode], "true"]
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    least = {"c": landlock.ABI_OF_SCOPES, "c_old": 1, "d": 0}[way.mode]
    spans = Path("/proc/self/uid_map").read_text().splitlines()
    users = sum(int(span.split()[2]) for span in spans)
    return _landlock_abi() >= least and (not way.root or users >= 1 << 16)


def _landlock_abi() -> int:
    number = numbers(os.uname().machine)["landlock_create_ruleset"]
    return int(ctypes.CDLL(None).syscall(number, None, 0, _ABI_OF_LANDLOCK))
