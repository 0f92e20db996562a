"""What confines a run here, layer by layer, each with what attacks from inside have found."""

import os
from collections.abc import Mapping
from dataclasses import dataclass

from grader.errors import GraderError
from grader.sandbox import decode, frames
from grader.sandbox.box.isolation import cgroups, landlock
from grader.sandbox.box.isolation.channels import CHANNELS
from grader.sandbox.box.isolation.lacks import Refusal
from grader.sandbox.box.isolation.modes import MODES, Mode
from grader.sandbox.box.isolation.probes import STOPPED, WORKS
from grader.sandbox.client import Sandbox
from grader.sandbox.jobs import probe_job
from grader.sandbox.scratch import Scratch

# layer → the attacks that it is there to stop; another layer may stop them as well
ATTACKS: Mapping[str, tuple[str, ...]] = {
    "processes": (
        "kill the server",
        "kill by pidfd",
        "trace the server",
        "read the server's memory",
        "start a process",
        "start a program",
        "clone unseen",
    ),
    "users": ("become root", "user namespace", "another's namespace", "undo dumpable"),
    "files": (
        "read /etc/passwd",
        "read a secret",
        "read /proc",
        "write outside",
        "change a shared file",
        "make a link",
        "make a fifo",
        "open a device",
        "mount",
        "another root",
    ),
    "network": ("open a socket",),
    "channels": (
        "shared memory",
        "hidden memory",
        "message queues",
        "lock by flock",
        "lock by fcntl",
        "lease a file",
        "watch files",
        "file descriptors",
        *CHANNELS,
    ),
    "system calls": (
        "keyrings",
        "io_uring",
        "bpf",
        "performance counters",
        "faults of memory",
    ),
    "limits": (
        "memory",
        "many threads",
        "make a huge file",
        "raise its limits",
        "choose a processor",
        "choose a priority",
    ),
}


@dataclass(frozen=True, slots=True)
class Layer:
    """One fence.  `wrong` is what got through it, or does not work behind it."""

    name: str
    here: str  # what it is made of on this machine
    tried: int
    wrong: Mapping[str, str]
    known: tuple[str, ...] = ()  # what gets through, as this mode says of itself


@dataclass(frozen=True, slots=True)
class Grouping:
    """The control groups that there are for runs, or why there are none."""

    version: str = ""
    why_not: Refusal | None = None


def grouping() -> Grouping:
    """Make a control group, see whether it binds, and remove it."""
    try:
        groups = cgroups.made()
    except OSError as error:
        return Grouping(why_not=Refusal.of(error))
    groups.remove()
    return Grouping(groups.version)


def probed(sandbox: Sandbox) -> dict[str, str]:
    """What attacks on the fences, and honest code behind them, come to: probe → outcome.

    Torch's own are among them if it has been used before.  Raises GraderError if they do not end.
    """
    own = Scratch()
    try:
        secret = own.path / "secret"
        secret.touch(mode=0o600)
        (ending,) = sandbox.run([probe_job(str(secret), os.getpid())])
    finally:
        own.remove()
    try:
        return decode.probed(ending.message)
    except frames.BadMessage:
        raise GraderError("the attacks on the fences did not end") from None


def layers(mode_name: str, found: Mapping[str, str], grouping: Grouping) -> list[Layer]:
    """Each fence of a mode, and last what honest code needs."""
    mode, root = MODES[mode_name], os.geteuid() == 0
    fences = [_fence(name, _made_of(name, mode, root=root), mode, found) for name in ATTACKS]
    version, why_not = grouping.version, grouping.why_not
    group = Layer(
        "control group",
        f"none: {why_not.words}" if why_not else f"{version}, one for each run",
        tried=1 if version else 0,
        wrong={},
    )
    attacks = {attack for names in ATTACKS.values() for attack in names}
    honest = {name: outcome for name, outcome in found.items() if name not in attacks}
    broken = {name: outcome for name, outcome in honest.items() if outcome != WORKS}
    return [*fences, group, Layer("honest code", ", ".join(honest), len(honest), broken)]


def _fence(name: str, here: str, mode: Mode, found: Mapping[str, str]) -> Layer:
    tried = {attack: found[attack] for attack in ATTACKS[name] if attack in found}
    through = {attack: outcome for attack, outcome in tried.items() if outcome != STOPPED}
    wrong = {a: outcome for a, outcome in through.items() if a not in mode.lets_through}
    return Layer(name, here, len(tried), wrong, tuple(through.keys() - wrong.keys()))


def _made_of(name: str, mode: Mode, *, root: bool) -> str:
    if not mode.filtered:
        return "limits on time and memory" if name == "limits" else "nothing"
    own = bool(mode.namespaces)
    words = {
        "processes": "a table of its own (pid namespace)"
        if own
        else "those of the machine, out of reach",
        "users": _users(mode, root=root),
        "files": _files(mode),
        "network": "one of its own, with nothing in it"
        if own
        else "that of the machine, without sockets",
        "channels": "of its own (ipc namespace), no locks, nothing told of the machine"
        if own
        else "no locks, no shared memory, no call that tells of the machine",
        "system calls": "a list of those that are allowed (seccomp)",
        "limits": "time, memory, files, threads (rlimits)",
    }
    return words[name]


def _users(mode: Mode, *, root: bool) -> str:
    who = "another user for each run" if root else "the user of the grader"
    inside = ", in a user namespace of its own" if mode.namespaces == "user" else ""
    return f"{who}{inside}, no capabilities"


def _files(mode: Mode) -> str:
    fences = ["a read-only root of its own (mount namespace)"] if mode.namespaces else []
    if abi := _landlock(mode):
        fences.append(f"Landlock, interface {abi}")
    return " and ".join(fences) or "the rights of another user"


def _landlock(mode: Mode) -> int:
    try:
        return min(landlock.abi(), mode.landlock[1])
    except OSError:
        return 0
