"""Whatever is handed in is read as cells of text, or its student is told why not."""

import json
import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.classroom.collect import read
from grader.errors import StudentError

ODD: list[Any] = [
    *(None, True, -1, 0, 2, 3, 5, 10**400, 1.5, float("nan"), "", "code", "x = 1", "\0"),
    *([], {}, [[]], ["a", "b"], [1], {"a": 1}, {"cells": []}, "x\n" * 2000),
]
KEYS = [
    "cells",
    "cell_type",
    "source",
    "metadata",
    "nbformat",
    "nbformat_minor",
    "worksheets",
    "id",
]


def notebook() -> dict[str, Any]:
    code: dict[str, Any] = {
        "cell_type": "code",
        "metadata": {},
        "execution_count": None,
        "outputs": [],
    }
    cells = [
        {**code, "source": "# grade: ex4 format=1 variant=2\nx = 1"},
        {"cell_type": "markdown", "metadata": {}, "source": ["some\n", "words"]},
        {**code, "source": ["y = 2\n"], "outputs": [{"output_type": "stream", "text": "a"}]},
    ]
    return {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4}


def mangled(book: Any, chance: random.Random) -> Any:  # noqa: ANN401  (JSON)
    for _ in range(chance.choice([1, 1, 2, 4])):
        owner = chance.choice(
            [book, *book["cells"]] if isinstance(book.get("cells"), list) else [book]
        )
        if isinstance(owner, dict):
            key = chance.choice([*owner, *KEYS])
            if chance.random() < 0.2:
                owner.pop(key, None)
            else:
                owner[key] = chance.choice(ODD)
    return book


def assert_read_or_told(path: Path) -> None:
    try:
        submission = read(path)
    except StudentError as error:
        assert str(path) in str(error)  # noqa: PT017  (either outcome is right)
        return
    assert submission.raw == path.read_bytes()
    assert submission.cells
    for cell in submission.cells:
        assert cell.source.encode().decode() == cell.source


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("handed-in")


@given(st.binary(max_size=300), st.sampled_from(["ex4.py", "ex4.ipynb"]))
def test_bytes(folder: Path, content: bytes, name: str) -> None:
    path = folder / name
    path.write_bytes(content)

    assert_read_or_told(path)


@given(st.text(max_size=300))
def test_text(folder: Path, text: str) -> None:
    path = folder / "ex4.py"
    path.write_text(f"# grade: {text}", errors="replace")

    assert_read_or_told(path)


@given(st.randoms(use_true_random=False))
def test_a_notebook_with_parts_exchanged(folder: Path, chance: random.Random) -> None:
    path = folder / "ex4.ipynb"
    path.write_text(json.dumps(mangled(notebook(), chance)))

    assert_read_or_told(path)


@given(st.randoms(use_true_random=False))
def test_a_notebook_with_bytes_exchanged(folder: Path, chance: random.Random) -> None:
    content = bytearray(json.dumps(notebook()).encode())
    for _ in range(chance.choice([1, 2, 5])):
        place = chance.randrange(len(content))
        content[place : place + chance.randrange(4)] = chance.choice(
            [b"", b"\xff", b"[", b'"', b"0"]
        )
    path = folder / "ex4.ipynb"
    path.write_bytes(bytes(content))

    assert_read_or_told(path)
