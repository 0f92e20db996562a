"""Which system calls a child may make, as a BPF program for the kernel.

A list of what is allowed; what is known to be bad gets EPERM, what is not known at all ENOSYS, as
from an older kernel.  So libraries that try a newer call fall back: glibc from clone3, whose flags
no filter can see, to clone, whose flags tell a thread from a process.
"""

import errno
import struct
from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

from . import linux
from .syscalls import numbers

_AUDIT_ARCH = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_X32_SYSCALL_BIT = 0x40000000

_LD = 0x20  # BPF_LD | BPF_W | BPF_ABS: a word of `struct seccomp_data`
_AND = 0x54  # BPF_ALU | BPF_AND | BPF_K
_JEQ = 0x15  # BPF_JMP | BPF_JEQ | BPF_K
_JGE = 0x35  # BPF_JMP | BPF_JGE | BPF_K
_RET = 0x06  # BPF_RET | BPF_K
_NUMBER, _ARCH, _ARGUMENTS = 0, 4, 16  # offsets in `struct seccomp_data`

_ALLOW = 0x7FFF0000
_KILL = 0x80000000  # the process
_ERRNO = 0x00050000
_NOTHING = _ERRNO  # the call returns 0, and has done nothing
_EPERM = _ERRNO | errno.EPERM
_ENOSYS = _ERRNO | errno.ENOSYS
_EAGAIN = _ERRNO | errno.EAGAIN
_EINVAL = _ERRNO | errno.EINVAL

_THREAD = 0x00010000  # CLONE_THREAD
_NAMESPACES = (
    linux.CLONE_NEWNS
    | linux.CLONE_NEWCGROUP
    | linux.CLONE_NEWUTS
    | linux.CLONE_NEWIPC
    | linux.CLONE_NEWUSER
    | linux.CLONE_NEWPID
    | linux.CLONE_NEWNET
)
_O_ACCMODE, _O_TRUNC = 0o3, 0o1000
# Opened for reading and yet emptied, which Landlock before ABI 3 lets pass; or opened for neither
# reading nor writing, which no Landlock looks at.
_ODD_OPENS = (_O_TRUNC, _O_ACCMODE, _O_ACCMODE | _O_TRUNC)
_RENAME_WHITEOUT = 4
_FCNTL = (0, 1, 2, 3, 4, 1030)  # F_DUPFD F_*FD F_*FL F_DUPFD_CLOEXEC: no locks
_IOCTL = (0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451)  # TCGETS TIOCGWINSZ FIONREAD FIO*
_PRCTL = (linux.PR_GET_DUMPABLE, linux.PR_SET_NAME, linux.PR_GET_NAME, linux.PR_SET_VMA)
_OWN_PID = 0x7ADE0F1D  # stands for the child's own, which is known only after the fork
_OWN = (0, _OWN_PID)

# A futex that is not private may lie in a page of a library, where another run hears it.  Private
# are FUTEX_WAIT, WAKE, REQUEUE, CMP_REQUEUE, WAKE_OP, WAIT_BITSET, WAKE_BITSET; those that lend a
# priority find their owner by its pid.
_FUTEX_CLOCK_REALTIME = 256
_PRIVATE_FUTEX = tuple(128 | operation for operation in (0, 1, 3, 4, 5, 9, 10))
_SHARED_WAIT, _SHARED_WAKE = (0, 9), (1, 10)
# What a program says of memory of its own.  Left out is what acts on the pages of files, which all
# runs see (MADV_WILLNEED, COLD, PAGEOUT, POPULATE_*, COLLAPSE, REMOVE) or shares pages (MERGEABLE).
_MADVISE = (0, 1, 2, 4, 8, 10, 11, 14, 15, 16, 17, 18, 19, 102, 103)
_MAP_HUGETLB = 0x40000  # the machine has so many, for all
_CLOCKS = 12  # a higher number, as one below 0 is, speaks of another process or of a device

_ALLOWED = """
read write readv writev pread64 pwrite64 preadv pwritev close close_range lseek
ftruncate fallocate dup dup2 dup3
stat lstat fstat newfstatat statx access faccessat faccessat2 readlink readlinkat
getdents getdents64 getcwd chdir fchdir umask mkdir mkdirat rmdir unlink unlinkat rename renameat
poll ppoll select pselect6 brk mprotect munmap mremap
set_robust_list rseq set_tid_address exit exit_group
restart_syscall wait4 waitid gettid getpid getppid getpgrp getuid geteuid getgid
getegid getresuid getresgid getgroups sched_yield
sched_get_priority_max sched_get_priority_min getcpu
getrlimit setrlimit uname times getrandom time gettimeofday
nanosleep getitimer setitimer alarm pause rt_sigaction rt_sigprocmask rt_sigreturn
rt_sigpending rt_sigsuspend rt_sigtimedwait sigaltstack
"""

# What lies in a work folder need not outlive its run, and a disk is everybody's.
_PRETENDED = "fsync fdatasync sync_file_range msync"

# Processes; network; memory and channels that no limit counts or that outlive the run; what tells
# of the machine, of its load and of who else is there; what changes files that only look read-only
# (Landlock lets chmod and utime pass); the kernel's wide doors.
_REFUSED = """
fork vfork execve execveat ptrace process_vm_readv process_vm_writev process_madvise
process_mrelease kcmp pidfd_open pidfd_getfd pidfd_send_signal tkill rt_sigqueueinfo
rt_tgsigqueueinfo setsid setpgid
socket socketpair bind listen accept accept4 connect getsockname getpeername sendto recvfrom
sendmsg recvmsg sendmmsg recvmmsg shutdown setsockopt getsockopt
memfd_create memfd_secret shmget shmat shmdt shmctl semget semop semtimedop semctl msgget msgsnd
msgrcv msgctl mq_open mq_unlink mq_timedsend mq_timedreceive mq_notify mq_getsetattr
pipe pipe2 epoll_create epoll_create1 eventfd eventfd2 mlock munlock
sysinfo statfs fstatfs getrusage getpriority get_robust_list
flock truncate creat chmod fchmod fchmodat chown fchown fchownat lchown utime utimes utimensat
futimesat link linkat symlink symlinkat mknod mknodat setxattr lsetxattr fsetxattr removexattr
lremovexattr fremovexattr inotify_init inotify_init1 inotify_add_watch fanotify_init fanotify_mark
name_to_handle_at open_by_handle_at
io_setup io_submit io_uring_setup io_uring_enter io_uring_register bpf perf_event_open userfaultfd
add_key request_key keyctl seccomp landlock_create_ruleset landlock_add_rule
landlock_restrict_self
unshare setns mount umount2 pivot_root chroot mount_setattr open_tree move_mount fsopen fsconfig
fsmount fspick quotactl quotactl_fd swapon swapoff sync syncfs acct reboot kexec_load
kexec_file_load init_module finit_module delete_module syslog
setuid setgid setreuid setregid setresuid setresgid setfsuid setfsgid setgroups capset sethostname
setdomainname settimeofday clock_settime adjtimex clock_adjtime personality modify_ldt iopl ioperm
vhangup sched_setaffinity sched_setscheduler sched_setparam sched_setattr setpriority ioprio_set
set_mempolicy mbind migrate_pages move_pages mlockall mlock2 timer_create timerfd_create signalfd
signalfd4 splice tee vmsplice sendfile lookup_dcookie
"""


class _Step(NamedTuple):
    """One instruction: code, how far to jump if true and if false, a constant."""

    code: int
    true: int
    false: int
    k: int


_Steps = tuple[_Step, ...]


def program(machine: str, own_pid: int) -> bytes:
    """The filter for one child, ready for `linux.seccomp`."""
    return _template(machine).replace(struct.pack("I", _OWN_PID), struct.pack("I", own_pid))


@cache
def _template(machine: str) -> bytes:
    known = numbers(machine)
    steps = [
        _Step(_LD, 0, 0, _ARCH),
        _Step(_JEQ, 1, 0, _AUDIT_ARCH[machine]),
        _return(_KILL),
        _Step(_LD, 0, 0, _NUMBER),
        _Step(_JGE, 0, 1, _X32_SYSCALL_BIT),
        _return(_KILL),
        *_search(_ranges({known[n]: does for n, does in _answers().items() if n in known})),
    ]
    return b"".join(struct.pack("HBBI", *step) for step in steps)


def _answers() -> dict[str, _Steps]:
    """What happens, by the call's name."""
    return {
        **dict.fromkeys(_ALLOWED.split(), (_return(_ALLOW),)),
        **dict.fromkeys(_PRETENDED.split(), (_return(_NOTHING),)),
        **dict.fromkeys(_REFUSED.split(), (_return(_EPERM),)),
        "clone": _masked(0, _THREAD | _NAMESPACES, _THREAD, (_ALLOW, _EPERM)),
        "open": _none_of(1, _O_ACCMODE | _O_TRUNC, _ODD_OPENS),
        "openat": _none_of(2, _O_ACCMODE | _O_TRUNC, _ODD_OPENS),
        "renameat2": _masked(4, _RENAME_WHITEOUT, 0, (_ALLOW, _EPERM)),  # it makes a device
        "mmap": _masked(3, _MAP_HUGETLB, 0, (_ALLOW, _EPERM)),
        "madvise": _only(2, _MADVISE),
        "futex": _futex(),
        **dict.fromkeys(("clock_gettime", "clock_getres", "clock_nanosleep"), _below(0, _CLOCKS)),
        "fcntl": _only(1, _FCNTL),
        "ioctl": _only(1, _IOCTL),
        "prctl": _only(0, _PRCTL),
        "prlimit64": _only(0, (0,)),
        "kill": _only(0, (_OWN_PID,)),
        "tgkill": _only(0, (_OWN_PID,)),
        "getpgid": _only(0, _OWN),
        "getsid": _only(0, _OWN),
        # glibc asks so of each thread, and does without where the kernel has no answer.
        **dict.fromkeys(
            ("sched_getaffinity", "sched_getparam", "sched_getscheduler"), _only(0, _OWN, _ENOSYS)
        ),
    }


def _ranges(answers: Mapping[int, _Steps]) -> list[tuple[int, _Steps]]:
    """Where each stretch of equal answers begins, from 0 on; the last has no end."""
    unknown = (_return(_ENOSYS),)
    starts = [(0, answers.get(0, unknown))]
    for number in range(1, max(answers) + 2):
        does = answers.get(number, unknown)
        if does != starts[-1][1]:
            starts.append((number, does))
    return starts


def _search(ranges: list[tuple[int, _Steps]]) -> _Steps:
    """A binary search for the number's stretch."""
    if len(ranges) == 1:
        return ranges[0][1]
    middle = len(ranges) // 2
    below = _search(ranges[:middle])
    return (_Step(_JGE, len(below), 0, ranges[middle][0]), *below, *_search(ranges[middle:]))


def _only(argument: int, values: tuple[int, ...], otherwise: int = _EPERM) -> _Steps:
    """Allowed if the argument is one of the values.

    Kernels look at the lower half only of such an argument, and so does this.
    """
    tests = [_Step(_JEQ, len(values) - i, 0, value) for i, value in enumerate(values)]
    return (_load(argument), *tests, _return(otherwise), _return(_ALLOW))


def _below(argument: int, bound: int) -> _Steps:
    """Allowed if the argument, taken as one without a sign, is below the bound."""
    test = _Step(_JGE, 0, 1, bound)
    return (_load(argument), test, _return(_EINVAL), _return(_ALLOW))


def _futex() -> _Steps:
    """Private ones work; on a shared one nobody ever waits, and nobody is there to be woken.

    That is said in the one way that glibc bears: its pthread_join waits on a shared one, for what
    the kernel wakes at a thread's end, and asks again when told EAGAIN; other errors end the
    process.
    """
    answers = {
        **dict.fromkeys(_PRIVATE_FUTEX, _ALLOW),
        **dict.fromkeys(_SHARED_WAIT, _EAGAIN),
        **dict.fromkeys(_SHARED_WAKE, _NOTHING),
    }
    operation = (_load(1), _Step(_AND, 0, 0, ~_FUTEX_CLOCK_REALTIME & 0xFFFFFFFF))
    tests = [s for op, does in answers.items() for s in (_Step(_JEQ, 0, 1, op), _return(does))]
    return (*operation, *tests, _return(_ENOSYS))


def _masked(argument: int, mask: int, value: int, answers: tuple[int, int]) -> _Steps:
    """The first answer if the argument's bits under the mask are the value, else the second."""
    yes, no = answers
    test = (_Step(_AND, 0, 0, mask), _Step(_JEQ, 0, 1, value))
    return (_load(argument), *test, _return(yes), _return(no))


def _none_of(argument: int, mask: int, values: tuple[int, ...]) -> _Steps:
    """Refused if the argument's bits under the mask are one of the values."""
    tests = [_Step(_JEQ, len(values) - i, 0, value) for i, value in enumerate(values)]
    return (_load(argument), _Step(_AND, 0, 0, mask), *tests, _return(_ALLOW), _return(_EPERM))


def _load(argument: int) -> _Step:
    return _Step(_LD, 0, 0, _ARGUMENTS + 8 * argument)


def _return(what: int) -> _Step:
    return _Step(_RET, 0, 0, what)
