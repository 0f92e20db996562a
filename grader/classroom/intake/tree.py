"""What a folder or an archive holds: names inside it → bytes, read one at a time."""

import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from grader.errors import UsageError

MAX_FILES = 200_000
MAX_NAME = 1024  # with its folders; a pattern may take long over more
Reader = Callable[[int], bytes]  # at most so many bytes; raises StudentError
# By name: what begins with a dot may as well be a student called ".Net Mary".
_JUNK = frozenset(
    name.casefold()
    for name in (
        *("__MACOSX", ".DS_Store", ".AppleDouble", ".Trashes", ".Spotlight-V100", ".fseventsd"),
        *(".TemporaryItems", ".DocumentRevisions-V100", "Thumbs.db", "desktop.ini"),
        *(".git", ".svn", ".hg", ".idea", ".vscode", ".vs", ".settings", ".spyproject"),
        *("__pycache__", ".venv", ".tox", ".nox", ".eggs", ".cache", ".hypothesis"),
        *(".pytest_cache", ".mypy_cache", ".ruff_cache"),
        *(".ipynb_checkpoints", ".virtual_documents", ".jupyter", ".ipython"),
    )
)


@dataclass(frozen=True, slots=True)
class Left:
    """What is not graded, and why; nothing is dropped without a word."""

    where: str
    why: str


@dataclass(frozen=True, slots=True)
class Tree:
    """Names are NFC, separated by `/`, and differ in more than case."""

    name: str  # of the folder, or of the archive without its suffix
    files: Mapping[str, Reader]
    left: tuple[Left, ...] = ()
    junk: int = 0  # what systems and editors leave behind
    root: str = ""  # what stands before each name, seen from where the user pointed

    def where(self, file: str) -> str:
        return self.root + file

    def inside(self, folder: str) -> "Tree":
        """The tree seen from one of its folders, which must hold all files."""
        start = f"{folder}/"
        files = {name.removeprefix(start): reader for name, reader in self.files.items()}
        return replace(self, name=folder, files=files, root=self.root + start)


class Gathering:
    """A tree that is being made.  Raises UsageError when it is beyond any class."""

    def __init__(self) -> None:
        # Without regard to case → the spellings → what has this name.
        self._readers: dict[str, dict[str, list[Reader]]] = {}
        self._left: list[Left] = []
        self._junk = 0

    def add(self, name: str, reader: Reader) -> None:
        name = legible(name)
        if is_junk(name):
            self.ignore()
            return
        if len(name) > MAX_NAME:
            self.leave(name, f"has a name of more than {MAX_NAME} characters")
            return
        spellings = self._readers.setdefault(name.casefold(), {})
        spellings.setdefault(name, []).append(reader)
        self._refuse_many()

    def ignore(self) -> None:
        self._junk += 1

    def leave(self, name: str, why: str) -> None:
        self._left.append(Left(legible(name), why))
        self._refuse_many()

    def tree(self, name: str) -> Tree:
        files = dict(sorted(self._single()))
        left = sorted((*self._left, *self._several()), key=lambda one: one.where)
        return Tree(legible(name), files, tuple(left), self._junk)

    def _single(self) -> Iterator[tuple[str, Reader]]:
        for spellings in self._readers.values():
            for name, readers in spellings.items():
                if len(spellings) == len(readers) == 1:
                    yield name, readers[0]

    def _several(self) -> Iterator[Left]:
        for spellings in self._readers.values():
            for name, readers in spellings.items():
                if len(readers) > 1:
                    yield Left(name, f"is there {len(readers)} times: which one counts?")
                elif len(spellings) > 1:
                    others = ", ".join(other for other in spellings if other != name)
                    yield Left(name, f"differs only in case from {others}")

    def _refuse_many(self) -> None:
        if len(self._readers) + len(self._left) > MAX_FILES:
            raise too_many()


def too_many() -> UsageError:
    return UsageError(f"there are more than {MAX_FILES} files", hint="grade it in parts")


def legible(name: str) -> str:
    """NFC, and bytes that are no text as escapes: it can be stored and printed."""
    return unicodedata.normalize("NFC", name.encode("utf-8", "backslashreplace").decode())


def is_junk(name: str) -> bool:
    parts = name.split("/")
    plain = (part.casefold() for part in parts)  # Windows writes `Desktop.ini` as well
    return parts[-1].startswith("._") or not _JUNK.isdisjoint(plain)


def is_submission(name: str) -> bool:
    return name.lower().endswith((".py", ".ipynb"))
