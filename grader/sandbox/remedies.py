"""What to change on a machine so that it confines student code better, in words for an admin."""

import os
import platform
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from grader.sandbox.box.isolation.lacks import Lack, Refusal

_WANTED = {  # setting → (value that refuses namespaces, value to give it)
    "kernel/unprivileged_userns_clone": ("0", "1"),
    "user/max_user_namespaces": ("0", "15000"),
    "kernel/apparmor_restrict_unprivileged_userns": ("1", "0"),
}
_NAMESPACES = ("a", "b")


@dataclass(frozen=True)
class Machine:
    """What decides which remedy is the right one."""

    root: bool = False
    container: str = ""  # "Docker", "Kubernetes", or another's name
    filtered: bool = False  # a filter of system calls lies on us already
    kernel: tuple[int, int] = (6, 12)
    settings: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def here(cls) -> Self:
        found = {}
        for name in _WANTED:
            with suppress(OSError):  # this kernel has no such setting
                found[name] = Path("/proc/sys", name).read_text().strip()
        status = Path("/proc/self/status").read_text()
        return cls(os.geteuid() == 0, _container(), "Seccomp:\t2" in status, _kernel(), found)


def _container() -> str:
    if os.environ.get("KUBERNETES_SERVICE_HOST"):
        return "Kubernetes"
    if Path("/.dockerenv").exists():
        return "Docker"
    if Path("/run/.containerenv").exists():
        return "Podman"
    return os.environ.get("container", "")  # noqa: SIM112  (as systemd spells it)


def _kernel() -> tuple[int, int]:
    major, minor, *_ = platform.release().split(".")
    return int(major), int("".join(filter(str.isdigit, minor)))


def for_modes(refused: Mapping[str, Refusal], machine: Machine) -> dict[str, str]:
    """Refused mode → what would let it in; nothing for those that never fit here."""
    found = {mode: _remedy(mode, why.lack, machine) for mode, why in refused.items()}
    return {mode: remedy for mode, remedy in found.items() if remedy}


def _remedy(mode: str, lack: Lack, machine: Machine) -> str:
    if mode in _NAMESPACES and lack is Lack.ROOT:
        return "run the grader as root, on a machine or in a container that is there for it"
    if mode in _NAMESPACES and lack is Lack.PLAIN_USER:
        return "run the grader as a plain user, if this system lets one make namespaces"
    if mode in _NAMESPACES:
        return _for_namespaces(machine)
    if lack is Lack.READABLE_PYTHON:
        return (
            "move Python and the grader to where every user may read them (/opt, /usr/local), "
            "not below root's home; or run the grader as a plain user"
        )
    if lack is Lack.OTHER_USERS:
        return "start the container with a whole range of user ids: 65536 of them, not one"
    if lack is Lack.LANDLOCK:
        return _for_landlock(mode, machine)
    return ""


def _for_namespaces(machine: Machine) -> str:
    off = [
        f"sysctl -w {name.replace('/', '.')}={right}"
        for name, (wrong, right) in _WANTED.items()
        if machine.settings.get(name) == wrong and not machine.root
    ]
    if off:
        return f"{' and '.join(off)} (to keep it: a file in /etc/sysctl.d)"
    if machine.container == "Kubernetes":
        capability = "capabilities: {add: [SYS_ADMIN]}, " if machine.root else ""
        return (
            f"in the pod's securityContext, {capability}seccompProfile: {{type: Unconfined}}, "
            "on nodes that hold nothing else; or a runtimeClass that is a sandbox itself"
        )
    if machine.container:
        capability = "--cap-add SYS_ADMIN " if machine.root else ""
        return (
            f"start the container with {capability}--security-opt seccomp=unconfined "
            "--security-opt apparmor=unconfined; or with a seccomp profile that adds unshare, "
            "setns, mount, umount2, pivot_root, mount_setattr and sethostname"
        )
    if machine.root:
        return "give root CAP_SYS_ADMIN back, or run the grader in a virtual machine"
    if machine.filtered:
        return "loosen the system call filter of the service that starts this: it stops unshare"
    return "run the grader as root, on a machine or in a container that is there for it"


def _for_landlock(mode: str, machine: Machine) -> str:
    least = (6, 12) if mode == "c" else (5, 13)
    if machine.kernel < least:
        return f"boot a kernel of version {least[0]}.{least[1]} or later"
    if machine.filtered and machine.container:
        return "use a newer container engine: the seccomp profile of this one refuses Landlock"
    return (
        "boot with landlock on the kernel's command line, lsm=landlock,… before those that "
        "/sys/kernel/security/lsm names (the kernel needs CONFIG_SECURITY_LANDLOCK)"
    )


def first(refused: Mapping[str, Refusal], machine: Machine) -> str:
    """The remedy for the best mode that has one, or ""."""
    return next(iter(for_modes(refused, machine).values()), "")


def for_group(lack: Lack, machine: Machine) -> str:
    """What would give each run a control group."""
    if machine.container and lack is not Lack.GROUPS_OF_V1:
        return (
            "start the container with its own, writable control groups: --cgroupns=private and "
            "/sys/fs/cgroup mounted rw (Docker: --privileged; Podman: --systemd=always)"
        )
    if lack is Lack.CONTROLLERS:
        return (
            "as root: systemctl edit user@.service, with the lines [Service] and "
            "Delegate=memory pids; then log in again"
        )
    if lack is Lack.GROUPS_OF_V1:
        return "run the grader as root, or boot with systemd.unified_cgroup_hierarchy=1"
    user = "" if machine.root else "--user "
    return f"start the grader by: systemd-run {user}--scope -p Delegate=yes grade …"
