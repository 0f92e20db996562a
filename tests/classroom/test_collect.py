import hashlib
import json
import os
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.classroom.collect import read
from grader.errors import StudentError

Cells = list[tuple[str, str]]


def notebook(folder: Path, cells: Cells) -> Path:
    path = folder / "ex4.ipynb"
    extra: dict[str, object] = {"execution_count": None, "outputs": []}
    entries = [
        {"cell_type": kind, "metadata": {}, "source": source, **(extra if kind == "code" else {})}
        for kind, source in cells
    ]
    book = {"cells": entries, "metadata": {}, "nbformat": 4, "nbformat_minor": 4}
    path.write_text(json.dumps(book))
    return path


def script(folder: Path, content: str | bytes) -> Path:
    path = folder / "ex4.py"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def test_a_script_is_one_cell(tmp_path: Path) -> None:
    got = read(script(tmp_path, "x = 1\n"))

    assert [(cell.place, cell.source) for cell in got.cells] == [("ex4.py", "x = 1\n")]
    assert not got.notebook
    assert got.digest == hashlib.sha256(b"x = 1\n").hexdigest()


@pytest.mark.parametrize("name", ["two\nlines.py", "\udcff.py", "a\u2028b.py"])
def test_a_file_of_an_odd_name_has_a_place_of_one_line(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text("x = 1\n")

    (cell,) = read(path).cells
    assert cell.place.isprintable()


def test_the_header_says_what_it_is(tmp_path: Path) -> None:
    got = read(script(tmp_path, "\n# mine\n# grade: ex4 format=1 variant=3\nx = 1\n"))

    assert (got.exercise, got.format, got.variant) == ("ex4", 1, 3)


def test_a_header_may_stand_below_a_page_of_the_students_own_words(tmp_path: Path) -> None:
    notes = "# what I tried\n" * 49

    got = read(script(tmp_path, f"{notes}# grade: ex4 format=1 variant=3\nx = 1\n"))

    assert (got.exercise, got.variant) == ("ex4", 3)


@pytest.mark.parametrize("first", ["", "\n" * 50 + "# grade: ex4 format=1", "x = '# grade: ex4'\n"])
def test_without_a_header_nothing_is_guessed(tmp_path: Path, first: str) -> None:
    got = read(script(tmp_path, f"{first}\nx = 1\n"))

    assert (got.exercise, got.format, got.variant) == ("", None, None)


def test_code_that_does_not_parse_is_read_all_the_same(tmp_path: Path) -> None:
    assert read(script(tmp_path, "def f(:\n")).cells[0].source == "def f(:\n"


def test_a_byte_order_mark_is_no_part_of_the_code(tmp_path: Path) -> None:
    assert read(script(tmp_path, b"\xef\xbb\xbfx = 1\n")).cells[0].source == "x = 1\n"


def test_cells_of_a_notebook_count_from_one_words_included(tmp_path: Path) -> None:
    cells = [("markdown", "hi"), ("code", "# grade: ex4 format=1 variant=2"), ("code", "x = 1")]

    got = read(notebook(tmp_path, cells))

    assert [cell.place for cell in got.cells] == ["cell 2", "cell 3"]
    assert (got.exercise, got.variant, got.notebook) == ("ex4", 2, True)


@pytest.mark.parametrize("told", ["x = 1\ny = 2", ["x = 1\n", "y = 2"], ["x = 1", "y = 2"]])
def test_an_old_notebook_is_read_too(tmp_path: Path, told: str | list[str]) -> None:
    cell = {"cell_type": "code", "input": told, "language": "python", "outputs": []}
    book = {"worksheets": [{"cells": [cell]}], "metadata": {}, "nbformat": 3, "nbformat_minor": 0}
    path = tmp_path / "old.ipynb"
    path.write_text(json.dumps(book))

    assert [cell.source for cell in read(path).cells] == ["x = 1\ny = 2"]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is empty"),
        (b" \n", "is empty"),
        (b"x = 1\ny = '\xff'\n", "line 2: not UTF-8 text"),
        (b"x = 1\n\0", "line 2: holds a NUL character"),
        (b"#" * (1024 * 1024 + 1), "is larger than 1 MB"),
    ],
)
def test_a_script_that_is_no_text_is_refused(tmp_path: Path, content: bytes, says: str) -> None:
    with pytest.raises(StudentError) as error:
        read(script(tmp_path, content))

    assert says in str(error.value)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ('{"cells": [\n1,]}', "line 2, column 3: not a notebook"),
        ("[" * 100_000, "is not a notebook"),
        ("[]", "is not a notebook that can be read"),
        ("{}", "is not a notebook that can be read"),
        ('{"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": []}', "has no code cell"),
        ('{"nbformat": 4, "metadata": {}, "cells": [{"cell_type": "code"}]}', "cannot|can be read"),
        ('{"nbformat": 99, "metadata": {}, "cells": []}', "can be read"),
        ('{"nbformat": 4, "cells": [{"cell_type": "code", "source": [1]}]}', "can be read"),
        ('{"nbformat": 4, "cells": [{"cell_type": "code", "source": null}]}', "can be read"),
        ('{"nbformat": 4, "cells": {"cell_type": "code"}}', "can be read"),
    ],
)
def test_a_broken_notebook_is_refused(tmp_path: Path, content: str, says: str) -> None:
    path = tmp_path / "ex4.ipynb"
    path.write_text(content)

    with pytest.raises(StudentError, match=says):
        read(path)


def shown(output: str) -> str:
    """A notebook with one cell, and what it has shown."""
    data = {"output_type": "display_data", "data": {"image/png": output}, "metadata": {}}
    cell = {"cell_type": "code", "metadata": {}, "source": "x = 1", "outputs": [data]}
    return json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 4})


def test_pictures_make_no_notebook_too_large(tmp_path: Path) -> None:
    path = tmp_path / "ex4.ipynb"
    path.write_text(shown(("iVBORw0KGgo" * 700 + "\n") * 1600))

    got = read(path)

    assert len(got.raw) > 12_000_000
    assert [cell.source for cell in got.cells] == ["x = 1"]
    assert got.digest == hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.parametrize(
    ("output", "says"),
    [("a line. " * 1_400_000, "larger than 10 MB without"), ("A" * 34_000_000, "larger than 32")],
)
def test_what_else_is_shown_must_be_cleared(tmp_path: Path, output: str, says: str) -> None:
    path = tmp_path / "ex4.ipynb"
    path.write_text(shown(output))

    with pytest.raises(StudentError, match=says) as error:
        read(path)

    assert "clear the outputs" in error.value.hint


def test_what_is_wrong_beside_the_code_is_not_looked_at(tmp_path: Path) -> None:
    """A megabyte of it took validation half a minute and two gigabytes."""
    cell = {"cell_type": "code", "source": ["x = 1\n", "y = 2"], "outputs": [{"output_type": "q"}]}
    path = tmp_path / "ex4.ipynb"
    path.write_text(json.dumps({"nbformat": 4, "cells": [cell] * 10_000}))

    peak = _peak_bytes(lambda: read(path))

    assert peak < 20 * path.stat().st_size


def _peak_bytes(work: Callable[[], object]) -> int:
    tracemalloc.start()
    work()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak


def test_half_a_character_is_no_text(tmp_path: Path) -> None:
    with pytest.raises(StudentError, match="is not a notebook that can be read"):
        read(notebook(tmp_path, [("code", "x = '\ud800'")]))


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(StudentError, match=r"there is no file .*ex4.py"):
        read(tmp_path / "ex4.py")


def test_a_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(StudentError, match="is a folder"):
        read(tmp_path)


def test_other_kinds_of_files_are_told(tmp_path: Path) -> None:
    with pytest.raises(StudentError, match=r"neither .py nor .ipynb"):
        read(tmp_path / "ex4.txt")


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    """What it leads to may be the solution."""
    path = tmp_path / "link.py"
    path.symlink_to(script(tmp_path, "x = 1\n"))

    with pytest.raises(StudentError, match="is a link"):
        read(path)


def test_a_pipe_does_not_block(tmp_path: Path) -> None:
    path = tmp_path / "pipe.py"
    os.mkfifo(path)

    with pytest.raises(StudentError, match="is not a plain file"):
        read(path)
