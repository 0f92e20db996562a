"""Both tables of system call numbers, held to the kernel's headers where they are installed."""

import re
from pathlib import Path

import pytest

from grader.sandbox.box.isolation import seccomp
from grader.sandbox.box.isolation.syscalls import numbers

HEADERS = {
    "x86_64": "/usr/include/x86_64-linux-gnu/asm/unistd_64.h",
    "aarch64": "/usr/include/asm-generic/unistd.h",  # its own only includes this
}


def in_header(path: Path) -> dict[str, int]:
    """Name → number; some are defined by another name's."""
    words = dict(re.findall(r"^#define (__NR\w+)\s+(\w+)$", path.read_text(), re.MULTILINE))
    found: dict[str, int] = {}
    for name, word in words.items():
        while word in words:
            word = words[word]  # noqa: PLW2901
        if name.startswith("__NR_") and word.isdigit():
            found[name.removeprefix("__NR_")] = int(word)
    return found


@pytest.mark.parametrize("machine", HEADERS)
def test_the_table_is_the_kernels(machine: str) -> None:
    header = Path(HEADERS[machine])
    if not header.exists():
        pytest.skip(f"kernel: no headers here: {header}")
    known = in_header(header)

    table = numbers(machine)

    # Older headers have fewer.
    assert table == {name: known.get(name, number) for name, number in table.items()}


@pytest.mark.parametrize("machine", HEADERS)
def test_no_call_that_the_filter_speaks_of_is_forgotten(machine: str) -> None:
    """A name without a number would silently be no rule."""
    header = Path(HEADERS[machine])
    if not header.exists():
        pytest.skip(f"kernel: no headers here: {header}")
    known = in_header(header)

    spoken_of = {name for name in seccomp._answers() if name in known}

    assert spoken_of <= numbers(machine).keys()


def test_every_name_is_a_call_somewhere() -> None:
    """A name that no machine knows is a slip of the pen."""
    everywhere = numbers("x86_64").keys() | numbers("aarch64").keys()

    assert seccomp._answers().keys() <= everywhere


def test_a_machine_without_a_table_is_named() -> None:
    with pytest.raises(OSError, match="riscv64"):
        numbers("riscv64")
