"""A CSV file of a platform → the same bytes again, but for the cells that change."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from grader.errors import UsageError

_BOM = "\ufeff"
_MUST_QUOTE = re.compile(r'[",;\t\r\n]|^\s|\s$')


@dataclass(frozen=True, slots=True)
class Record:
    """A row as it stands in the file, quotes and line end included."""

    raw: tuple[str, ...]
    end: str

    def __getitem__(self, at: int) -> str:
        """What a reader sees in a cell; "" where the row has none."""
        raw = self.raw[at] if at < len(self.raw) else ""
        return raw[1:-1].replace('""', '"') if raw.startswith('"') else raw

    @property
    def cells(self) -> tuple[str, ...]:
        return tuple(self[at] for at in range(len(self.raw)))

    def with_cells(self, cells: Mapping[int, str]) -> "Record":
        """The same row with other cells in some places; the rest stays as it is written."""
        raw = [*self.raw, *[""] * (max(cells, default=-1) + 1 - len(self.raw))]
        for at, cell in cells.items():
            raw[at] = _quote(cell)
        return Record(tuple(raw), self.end)


@dataclass(frozen=True, slots=True)
class Page:
    """A whole file.  Its first record names the columns."""

    mark: str  # the byte order mark, or ""
    delimiter: str
    records: tuple[Record, ...]

    @property
    def header(self) -> tuple[str, ...]:
        return tuple(cell.strip() for cell in self.records[0].cells)

    def with_cells(self, records: Mapping[int, Mapping[int, str]]) -> "Page":
        """The same file with other cells, by record and column."""
        rows = [
            record.with_cells(records[at]) if at in records else record
            for at, record in enumerate(self.records)
        ]
        return Page(self.mark, self.delimiter, tuple(rows))

    def encode(self) -> bytes:
        rows = (f"{self.delimiter.join(record.raw)}{record.end}" for record in self.records)
        return f"{self.mark}{''.join(rows)}".encode()


def read(raw: bytes, delimiters: str, known: Callable[[Sequence[str]], bool]) -> Page | None:
    """The file, parted by the first delimiter that makes a known header of its first row.

    None if there is none.  Raises UsageError for what is no CSV in UTF-8.
    """
    try:
        text = raw.decode()
    except UnicodeDecodeError as error:
        hint = "export it once more; a spreadsheet must save it as `CSV UTF-8`"
        raise UsageError(f"the file is not UTF-8 (byte {error.start})", hint=hint) from None
    mark, text = (_BOM, text[1:]) if text.startswith(_BOM) else ("", text)
    for delimiter in delimiters:
        first = next(_records(text, delimiter), None)
        if first and known([cell.strip() for cell in first.cells]):
            return Page(mark, delimiter, tuple(_check(text, delimiter)))
    return None


def _check(text: str, delimiter: str) -> Iterator[Record]:
    """A row with cells to spare has a comma where none should be, and all behind it is shifted."""
    width, line = 0, 1
    for record in _records(text, delimiter):
        width = width or len(record.raw)
        if len(record.raw) > width:
            said = f"line {line} has {len(record.raw)} cells, the header {width}"
            raise UsageError(said, hint="export the file again, and do not edit it as text")
        line += 1 + sum(cell.count("\n") for cell in record.raw)
        yield record


def _records(text: str, delimiter: str) -> Iterator[Record]:
    pattern = re.compile(
        rf'(?P<cell>"(?:[^"]++|"")*+"|(?!")[^{delimiter}\r\n]*+)(?P<end>{delimiter}|\r\n|\r|\n|\Z)'
    )
    at, cells = 0, list[str]()
    while at < len(text) or cells:
        match = pattern.match(text, at)
        if match is None:
            line = text.count("\n", 0, at) + 1
            raise UsageError(f"line {line}: a quote is not closed", hint="export the file again")
        at = match.end()
        cells.append(match["cell"])
        if match["end"] != delimiter:
            yield Record(tuple(cells), match["end"])
            cells = []


def _quote(cell: str) -> str:
    return f'"{cell.replace(chr(34), chr(34) * 2)}"' if _MUST_QUOTE.search(cell) else cell
