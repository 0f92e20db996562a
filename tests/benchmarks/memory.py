"""How much the parent grows over 2 000 submissions: graded, judged, reported and kept."""

import argparse
import json
import os
import tempfile
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

from grader.classroom import gradebook
from grader.classroom.batch import Conditions, Desk, grade_all
from grader.classroom.cohort import HandedIn
from grader.classroom.executors import local
from grader.course.loading import load_course, load_exercise
from grader.judging import workshop
from grader.sandbox import client
from tests.benchmarks.load import write

ROOT = Path(__file__).parents[2]
WORKERS = 2
STEPS = 10


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--count", type=int, default=2000)
    count = options.parse_args().count
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        os.environ["GRADE_CACHE"] = str(Path(folder, "cache"))
        files = Path(folder, "files")
        files.mkdir()
        sizes = measured(write(files, count), Path(folder, "book.db"))
    print("submissions    resident MB")
    for done, size in sizes.items():
        print(f"{done:11}    {size / (1 << 20):11.1f}")
    grown = (sizes[count] - sizes[count // STEPS]) / (1 << 20)
    print(json.dumps({"submissions": count, "grown_mb_after_the_first_tenth": round(grown, 1)}))


def measured(paths: list[Path], book_file: Path) -> dict[int, int]:
    """Submissions done → resident bytes."""
    course = load_course(ROOT / "tests" / "benchmarks" / "course")
    exercise = load_exercise(course, "loop")
    sizes: dict[int, int] = {}
    with ExitStack() as stack:
        book = stack.enter_context(gradebook.opened(str(book_file), course.id))
        shop = stack.enter_context(workshop.opened(course, sandbox=client.opened(1)))
        pool = stack.enter_context(local.opened(WORKERS, shop, course.isolation))
        conditions = Conditions(course.id, shop.fingerprint, course.isolation)
        desk = Desk(lambda *_: exercise, conditions, datetime.now(UTC), book.is_judged)
        handed_in = (HandedIn((p.stem,), p.name, p.name, p.read_bytes) for p in paths)
        for done, entry in enumerate(grade_all(map(desk.order, handed_in), pool), start=1):
            assert entry.attempt is not None
            assert entry.grading is not None, entry.problem
            book.keep(entry.attempt, entry.grading)
            if done % (len(paths) // STEPS) == 0:
                sizes[done] = resident()
    return sizes


def resident() -> int:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


if __name__ == "__main__":
    main()
