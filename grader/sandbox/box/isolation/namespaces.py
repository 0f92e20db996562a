"""A root, a network and a process table of their own, for the fork server and for each child.

The server does once what is dear or does not scale (network), a child what keeps it from the next:
processes, shared memory, the work folder.
"""

import errno
import os
import signal
import socket
from contextlib import suppress
from pathlib import Path

from . import linux, readable

WORK = "/submission"
_BASE = "/tmp"  # noqa: S108  (a folder that is everywhere; covered by a mount of our own)
_OLD = "/old"
_READ_ONLY = linux.MOUNT_ATTR_RDONLY | linux.MOUNT_ATTR_NOSUID
_NO_DEVICES = _READ_ONLY | linux.MOUNT_ATTR_NODEV
_SERVER = (
    linux.CLONE_NEWNS
    | linux.CLONE_NEWIPC
    | linux.CLONE_NEWUTS
    | linux.CLONE_NEWNET
    | linux.CLONE_NEWCGROUP
)
# torch looks at the processor when it is loaded; a child must not, as it tells of the load.
_PROCESSOR = ("/proc/cpuinfo", "/sys/devices/system/cpu")
_MOST_FILES = 1024
_OUT_OF_REACH = 1 << 16  # no file descriptor is as high


# --- the server ----------------------------------------------------------------------------------


def lead_processes(*, own_user: bool) -> None:
    """Go on as PID 1 of a new process table: nothing below outlives it.

    With a user namespace too, in which a plain user has the rights that the rest of this needs;
    that takes a process of one thread.  The process that called only waits from here on.
    """
    ids = os.getuid(), os.getgid()
    if own_user and len(os.listdir("/proc/self/task")) > 1:  # noqa: PTH208
        raise OSError(errno.EINVAL, "a process of several threads cannot have its own users")
    linux.unshare(linux.CLONE_NEWPID | (linux.CLONE_NEWUSER if own_user else 0))
    if own_user:
        # The kernel wants setgroups given up before it lets a plain user map a group.
        Path("/proc/self/setgroups").write_text("deny")
        for name, own in zip(("uid_map", "gid_map"), ids, strict=True):
            Path(f"/proc/self/{name}").write_text(f"{own} {own} 1")
    pid = os.fork()
    if pid:
        _wait(pid)
    linux.prctl(linux.PR_SET_PDEATHSIG, signal.SIGKILL)


def _wait(pid: int) -> None:
    """Never returns.  What it holds open, someone waits for the end of."""
    signal.set_wakeup_fd(-1)
    os.closerange(0, _OUT_OF_REACH)
    os._exit(min(abs(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])), 255))


def leave_the_rest() -> None:
    """New mounts, network (with nothing in it), host name, shared memory, cgroup names."""
    linux.unshare(_SERVER)
    socket.sethostname("box")
    # Else what is mounted here is mounted for everybody.
    linux.mount("none", "/", flags=linux.MS_REC | linux.MS_PRIVATE)


def change_root() -> None:
    """A read-only root that holds what Python needs, and nothing else.

    Done by pivot_root: inside a chroot there are no user namespaces, and there are ways out of it.
    """
    places, box = readable.places(), str(readable.BOX.resolve())
    os.umask(0o022)
    linux.mount("tmpfs", _BASE, "tmpfs", linux.MS_NOSUID | linux.MS_NODEV, "mode=755,size=1m")
    Path(_BASE + _OLD).mkdir()
    linux.pivot_root(_BASE, _BASE + _OLD)
    os.chdir("/")
    for path in readable.outermost(places.values()):
        _bind(path)
    for device in readable.DEVICES:
        _bind(device, attributes=_READ_ONLY)
    for path in _PROCESSOR:
        with suppress(OSError):  # torch can do without
            _bind(path)
    _hide_grader(box)
    for name, place in {**places, str(readable.BOX): box}.items():
        if not Path(name).exists():
            Path(name).parent.mkdir(parents=True, exist_ok=True)
            Path(name).symlink_to(place)
    Path(WORK).mkdir()
    linux.umount2(_OLD, linux.MNT_DETACH)
    Path(_OLD).rmdir()
    linux.mount_setattr("/", _NO_DEVICES, recursive=False)
    # For the server's own imports, which make folders; each child mounts its own on top of it.
    linux.mount("tmpfs", WORK, "tmpfs", linux.MS_NOSUID | linux.MS_NODEV, "mode=755,size=1m")


def _hide_grader(box: str) -> None:
    """But for the box, whose modules the server may still load."""
    grader = str(Path(box).parents[1])
    covered = Path(grader).exists()  # it lies in one of the folders
    if covered:
        linux.mount("tmpfs", grader, "tmpfs", linux.MS_NOSUID, "mode=755,size=64k")
    _bind(box)
    if covered:
        linux.mount_setattr(grader, _NO_DEVICES, recursive=False)


def _bind(path: str, *, attributes: int = _NO_DEVICES) -> None:
    """Show a folder or file of the old root in the new one, read-only.

    In two steps, as a bind takes no flags; the second only adds some, which even a mount that
    is locked allows.
    """
    if Path(_OLD + path).is_dir():
        Path(path).mkdir(parents=True, exist_ok=True)
    else:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        Path(path).touch()
    linux.mount(_OLD + path, path, flags=linux.MS_BIND | linux.MS_REC)
    linux.mount_setattr(path, attributes, recursive=True)


# --- a child -------------------------------------------------------------------------------------


def before_fork() -> None:
    """The next fork makes a PID 1 of its own, in one fork: a second would cost as much again."""
    linux.unshare(linux.CLONE_NEWPID)


def after_fork(own: int) -> None:
    """In the server: back to its own process table, or threads and the next child fail."""
    linux.setns(own, linux.CLONE_NEWPID)


def own_mounts(uid: int, gid: int, disk_bytes: int) -> None:
    """In the child: shared memory and a work folder that no one else sees."""
    linux.unshare(linux.CLONE_NEWNS | linux.CLONE_NEWIPC)
    for path in _PROCESSOR:
        with suppress(OSError):  # it was not there to be bound
            linux.umount2(path, linux.MNT_DETACH)
    flags = linux.MS_NOSUID | linux.MS_NODEV | linux.MS_NOEXEC
    options = f"mode=700,uid={uid},gid={gid},size={disk_bytes},nr_inodes={_MOST_FILES}"
    linux.mount("tmpfs", WORK, "tmpfs", flags, options)


def own_user(proc_sys: int) -> None:
    """In the child of a plain user: a user namespace, for the limit on threads counts by it.

    It has no rights in the server's, and may make none of its own.
    """
    linux.unshare(linux.CLONE_NEWUSER)
    with suppress(OSError):  # /proc/sys is read-only in containers; the filter refuses them too
        fd = os.open("user/max_user_namespaces", os.O_WRONLY | os.O_CLOEXEC, dir_fd=proc_sys)
        os.write(fd, b"0")
        os.close(fd)
