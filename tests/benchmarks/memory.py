"""How much the parent grows over 2 000 submissions: all is graded, judged and reported."""

import argparse
import json
import os
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from grader import workshop
from grader.batch import grade_all
from grader.collect import read
from grader.course import load_course, load_exercise
from grader.exporters import EXPORTERS
from grader.model import Graded
from grader.pipeline import grade
from grader.report import Audience, report
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
        sizes = measured(write(files, count))
    print("submissions    resident MB")
    for done, size in sizes.items():
        print(f"{done:11}    {size / (1 << 20):11.1f}")
    grown = (sizes[count] - sizes[count // STEPS]) / (1 << 20)
    print(json.dumps({"submissions": count, "grown_mb_after_the_first_tenth": round(grown, 1)}))


def measured(paths: list[Path]) -> dict[int, int]:
    """Submissions done → resident bytes."""
    course = load_course(ROOT / "tests" / "benchmarks" / "course")
    exercise = load_exercise(course, "loop")
    sizes: dict[int, int] = {}
    with workshop.opened(course, slots=1) as shop, ThreadPoolExecutor(WORKERS) as threads:

        def grade_one(path: Path) -> Graded:
            graded = grade(read(path), exercise, shop)
            EXPORTERS["json"](report(graded, Audience.TEACHER))
            return graded

        for done, _ in enumerate(grade_all(paths, grade_one, threads, WORKERS), start=1):
            if done % (len(paths) // STEPS) == 0:
                sizes[done] = resident()
    return sizes


def resident() -> int:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


if __name__ == "__main__":
    main()
