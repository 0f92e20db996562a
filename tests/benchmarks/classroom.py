"""A whole class: `grade batch` in every layout, then nbgrader and otter on the same notebooks.

Tables: speed, memory and a second count of the book for each layout; seconds a notebook; and
what each grader said of one submission of each kind.
"""

import argparse
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from grader.classroom import gradebook
from grader.course.loading import load_course
from tests import count, made_class
from tests.benchmarks import notebooks
from tests.benchmarks.rivals import tools
from tests.benchmarks.table import show
from tests.benchmarks.watched import ROOT, Place
from tests.made_class import MadeClass

ZIPPED = ("gradescope", "moodle", "moodle-old", "moodle-flat", "canvas")
HOSTILE = 0.05
FIRST = 60  # students, so that most of an exercise's 20 variants are among them


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--students", type=int, default=1000)
    options.add_argument("--exercises", nargs="+", default=["ex4"])
    options.add_argument("--layouts", nargs="*", default=list(made_class.LAYOUTS))
    options.add_argument("--notebooks", type=int, default=8, help="For the rivals; 0 leaves out.")
    options.add_argument("--workers", type=int, default=2)
    wanted = options.parse_args()
    one = made_class.made(wanted.students, exercises=wanted.exercises, hostile=HOSTILE)
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        place = Place(Path(folder), wanted.workers)
        show("with nothing cached", [warm_up(place, wanted.exercises)])
        rows = [layout(name, one, place) for name in wanted.layouts]
        show("in each layout", rows)
        if wanted.notebooks:
            tools.install()
            show("the same notebooks", notebooks.compared(wanted.notebooks, place))
            show("what each said", notebooks.said(place))


def warm_up(place: Place, exercises: Sequence[str]) -> Mapping[str, object]:
    """Another class, whose references and hidden cases are worked out, as they are only once."""
    one = made_class.made(FIRST, seed=1, exercises=exercises)
    folder = made_class.write_folder(made_class.files(one), place.folder / "first")
    return {"files": len(one.works), "s": place.grade(folder, "first.db").seconds}


# --- layouts -------------------------------------------------------------------------------------


def layout(name: str, one: MadeClass, place: Place) -> Mapping[str, object]:
    members, path = made_class.LAYOUTS[name](one), place.folder / name
    if name in ZIPPED:
        path = made_class.write_zip(members, path.with_suffix(".zip"))
    else:
        made_class.write_folder(members, path)
    roster = made_class.write_roster(one, place.folder / "roster.csv")
    words = (path, f"{name}.db", "--roster", str(roster))
    seen, again = place.grade(*words), place.grade(*words)
    handed_in_too = count.files(place.folder / f"{name}.db", load_course(ROOT).id)
    return {
        "layout": name,
        "s": seen.seconds,
        "a second": len(one.works) / seen.seconds,
        "exit": seen.code,
        "again s": again.seconds,
        "cached": sum(line["state"] == "cached" for line in again.lines),
        "parent MB": seen.parent_mb,
        "server MB": seen.server_mb,
        "box MB": seen.box_mb,
        "files": len(one.works),
        "in book": len(handed_in_too),
        "same bytes": handed_in_too == one.counted(),
        "same grades": counted_alike(place.folder / f"{name}.db"),
        "misjudged": misjudged(one, place.folder / f"{name}.db"),
    }


def counted_alike(book: Path) -> bool:
    """Is the sheet what a second count of the same rows gives?"""
    course = load_course(ROOT)
    weights = {name: course.rules.of(name).weight for name in course.paths}
    rules = count.Rules(course.rules.keep, weights=weights)
    with gradebook.opened(str(book), course.id) as kept:
        sheet = kept.sheet(course)
    points = {where: grade.points for where, grade in sheet.grades.items()}
    return points == count.points(book, course.id, rules) and dict(sheet.totals) == count.totals(
        book, course.id, rules
    )


def misjudged(one: MadeClass, book: Path) -> int:
    """Right ones without full points, and wrong or hostile ones with them."""
    points = count.points(book, load_course(ROOT).id, count.Rules())
    full = {exercise: found for (_, exercise), found in sorted(points.items(), key=lambda p: p[1])}
    return sum(
        (points.get((work.students[0], work.exercise)) == full[work.exercise])
        != (work.kind == "right")
        for work in one.works
        if work.kind in {"right", "wrong", "hostile"}
    )


if __name__ == "__main__":
    main()
