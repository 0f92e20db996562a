"""Tables of `grade book` in a terminal: whatever its width, nothing is cut without a mark."""

import pytest

from grader.cli.book.tables import print_table

HEADER = ("student", "exercise", "points", "standing", "late", "handed in", "reason")
ROWS = (
    ("ana", "ex4", "10/10", "passed", "", "2026-11-30 12:00+00:00", ""),
    ("ben", "ex4", "7.25/10", "not yet", "", "2026-11-30 12:00+00:00", "ill, says her doctor"),
)


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "dumb")
    monkeypatch.setenv("LINES", "24")
    return monkeypatch


@pytest.mark.parametrize("width", [100, 72, 60, 40, 34])
def test_every_word_is_there_at_any_width(
    terminal: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], width: int
) -> None:
    terminal.setenv("COLUMNS", str(width))

    print_table(HEADER, ROWS, left=len(HEADER))

    page = capsys.readouterr().out
    words = {word for row in (HEADER, *ROWS) for cell in row for word in cell.split()} - {"late"}
    assert words <= set(page.split())
    assert max(map(len, page.splitlines())) <= width


def test_a_column_that_is_empty_throughout_is_left_out(
    terminal: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    terminal.setenv("COLUMNS", "100")

    print_table(HEADER, ROWS)

    assert "late" not in capsys.readouterr().out


def test_a_program_gets_every_column(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(HEADER, ROWS)

    assert capsys.readouterr().out.splitlines()[0].split("\t") == list(HEADER)
