"""Many submissions → what came of each, a few at a time."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from pathlib import Path

from grader.model import Graded

_AHEAD = 4  # submissions a worker that are read but not begun: memory stays constant


@dataclass(frozen=True, slots=True)
class Entry:
    """One file: graded, or the error that kept it from being so."""

    path: Path
    graded: Graded | None
    error: Exception | None = None


def grade_all(
    paths: Iterable[Path], grade_one: Callable[[Path], Graded], executor: Executor, workers: int
) -> Iterator[Entry]:
    """Grade all files, in their order; a file that cannot be graded stops none of the others."""
    running: deque[tuple[Path, Future[Graded]]] = deque()
    try:
        for path in paths:
            running.append((path, executor.submit(grade_one, path)))
            if len(running) >= workers * _AHEAD:
                yield _entry(*running.popleft())
        while running:
            yield _entry(*running.popleft())
    finally:
        for _, future in running:
            future.cancel()


def _entry(path: Path, future: Future[Graded]) -> Entry:
    try:
        return Entry(path, future.result())
    except Exception as error:  # noqa: BLE001  (ours or not, the others are graded)
        return Entry(path, None, error)
