"""What the filter of system calls answers, on each kind of processor: its program, run by hand."""

import errno
import struct
from collections.abc import Sequence

import pytest

from grader.sandbox.box.isolation import seccomp
from grader.sandbox.box.isolation.syscalls import numbers

PID = 4321
ARCH = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
MACHINES = pytest.mark.parametrize("machine", ARCH)
ALLOWED, KILLED = "allowed", "killed"
CLONE3 = 435
TELLING = {
    "sysinfo",
    "statfs",
    "fstatfs",
    "getrusage",
    "getpriority",
    "get_robust_list",
    "mlock",
    "pipe2",
    "eventfd2",
    "epoll_create1",
    "syslog",
    "socket",
    "memfd_create",
}

PRIVATE, REALTIME = 128, 256
WAIT, WAKE, LOCK_PI, WAIT_BITSET, WAKE_BITSET = 0, 1, 6, 9, 10


def answer(machine: str, call: str | int, *words: int) -> str | int:
    """Allowed, killed, or the error that the call gives; 0 is one that does nothing."""
    number = call if isinstance(call, int) else numbers(machine)[call]
    wide = [word & 0xFFFFFFFFFFFFFFFF for word in words]
    return run(seccomp.program(machine, PID), data(number, ARCH[machine], wide))


def data(number: int, arch: int, words: Sequence[int]) -> bytes:
    """The kernel's `struct seccomp_data`."""
    return struct.pack("<IIQ6Q", number, arch, 0, *words, *[0] * (6 - len(words)))


def run(program: bytes, data: bytes) -> str | int:
    steps: list[tuple[int, int, int, int]] = list(struct.iter_unpack("<HBBI", program))
    at = held = 0
    while True:
        code, true, false, k = steps[at]
        at += 1
        match code:
            case 0x20:  # load
                held = int.from_bytes(data[k : k + 4], "little")
            case 0x54:  # and
                held &= k
            case 0x15:  # equal?
                at += true if held == k else false
            case 0x35:  # at least?
                at += true if held >= k else false
            case 0x06:
                return {0x7FFF0000: ALLOWED, 0x80000000: KILLED}.get(k, k & 0xFFFF)
            case _:
                raise AssertionError(code)


@MACHINES
@pytest.mark.parametrize("operation", [WAIT, WAKE, WAIT_BITSET, WAKE_BITSET])
def test_threads_of_one_run_wait_for_each_other(machine: str, operation: int) -> None:
    assert answer(machine, "futex", 0x7F0000001000, operation | PRIVATE) == ALLOWED
    assert answer(machine, "futex", 0x7F0000001000, operation | PRIVATE | REALTIME) == ALLOWED


@MACHINES
@pytest.mark.parametrize("clock", [0, REALTIME])
def test_on_what_may_be_shared_nobody_waits_and_nobody_is_woken(machine: str, clock: int) -> None:
    """In the one way that glibc bears, which joins its threads so."""
    for operation in (WAIT, WAIT_BITSET):
        assert answer(machine, "futex", 0, operation | clock) == errno.EAGAIN
    for operation in (WAKE, WAKE_BITSET):
        assert answer(machine, "futex", 0, operation | clock) == 0


@MACHINES
@pytest.mark.parametrize("operation", [*range(2, 9), *range(11, 16), 64, 1 << 10, 1 << 31])
def test_no_other_shared_futex_is_known(machine: str, operation: int) -> None:
    assert answer(machine, "futex", 0, operation) == errno.ENOSYS


@MACHINES
@pytest.mark.parametrize("operation", [LOCK_PI, 7, 8, 11, 12, 13])
def test_nobody_lends_a_priority_to_a_number(machine: str, operation: int) -> None:
    assert answer(machine, "futex", 0, operation | PRIVATE) == errno.ENOSYS


@MACHINES
@pytest.mark.parametrize("number", [CLONE3, 449, 454, 455, 456, 451])
def test_newer_calls_are_not_known(machine: str, number: int) -> None:
    """clone3; futex_waitv, _wake, _wait, _requeue; cachestat."""
    assert answer(machine, number) == errno.ENOSYS


@MACHINES
@pytest.mark.parametrize("call", sorted(TELLING))
def test_nothing_tells_of_the_machine_or_is_counted_by_it(machine: str, call: str) -> None:
    assert answer(machine, call) == errno.EPERM


@MACHINES
@pytest.mark.parametrize("call", ["mincore", "membarrier", "fadvise64", "readahead", "preadv2"])
def test_no_call_that_asks_for_pages_has_a_number_here(machine: str, call: str) -> None:
    """What has none is not known to the kernel, as far as a run can see."""
    assert call not in numbers(machine)


@MACHINES
def test_the_disk_is_not_waited_for(machine: str) -> None:
    for call in ("fsync", "fdatasync", "sync_file_range", "msync"):
        assert answer(machine, call) == 0


@MACHINES
@pytest.mark.parametrize("call", ["clock_gettime", "clock_getres", "clock_nanosleep"])
def test_clocks_are_the_systems_or_its_own(machine: str, call: str) -> None:
    own = [answer(machine, call, clock) for clock in range(12)]
    of_others = [answer(machine, call, ~pid << 3 | kind) for pid in (1, PID) for kind in range(8)]

    assert set(own) == {ALLOWED}
    assert set(of_others) == {errno.EINVAL}


@MACHINES
def test_it_asks_of_itself_alone(machine: str) -> None:
    for call in ("getpgid", "getsid"):
        assert answer(machine, call, 0) == answer(machine, call, PID) == ALLOWED
        assert answer(machine, call, 1) == errno.EPERM
    for call in ("sched_getaffinity", "sched_getparam", "sched_getscheduler"):
        assert answer(machine, call, 0) == answer(machine, call, PID) == ALLOWED
        assert answer(machine, call, 1) == errno.ENOSYS


@MACHINES
def test_advice_is_for_memory_of_its_own(machine: str) -> None:
    own = {"normal": 0, "dontneed": 4, "free": 8, "huge": 14, "guard": 102}
    of_files = {"willneed": 3, "remove": 9, "mergeable": 12, "cold": 20, "pageout": 21}
    of_files |= {"populate_read": 22, "populate_write": 23, "collapse": 25, "poison": 100}

    assert {answer(machine, "madvise", 0, 4096, advice) for advice in own.values()} == {ALLOWED}
    assert {answer(machine, "madvise", 0, 4096, advice) for advice in of_files.values()} == {
        errno.EPERM
    }


@MACHINES
def test_huge_pages_are_the_machines(machine: str) -> None:
    private = 0x22

    assert answer(machine, "mmap", 0, 4096, 3, private) == ALLOWED
    assert answer(machine, "mmap", 0, 4096, 3, private | 0x40000) == errno.EPERM


@MACHINES
def test_a_thread_may_be_made_and_a_process_not(machine: str) -> None:
    thread = 0x3D0F00

    assert answer(machine, "clone", thread) == ALLOWED
    assert answer(machine, "clone", 0x1200011) == errno.EPERM
    assert answer(machine, "clone", thread | 0x10000000) == errno.EPERM  # with its own users


@MACHINES
def test_another_processors_calls_end_it(machine: str) -> None:
    (other,) = ARCH.keys() - {machine}

    assert run(seccomp.program(machine, PID), data(0, ARCH[other], [])) == KILLED


def test_x32_ends_it() -> None:
    assert answer("x86_64", 0x40000000 | 39) == KILLED
