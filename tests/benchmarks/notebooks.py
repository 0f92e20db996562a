"""The same notebooks for `grade batch`, nbgrader and otter."""

from collections.abc import Mapping
from pathlib import Path

from tests.benchmarks.rivals import exercise, nbgrader_course, otter_course
from tests.benchmarks.rivals.exercise import Said
from tests.benchmarks.watched import Place

CELL_SECONDS = 30  # nbgrader's own limit, for each cell
KILLED_SECONDS = 60  # otter has none
MORE = 25  # times as many for us, who start only once


def compared(number: int, place: Place) -> list[Mapping[str, object]]:
    """One at a time each, as nbgrader and otter do; ours also many, for it starts only once."""
    programs = {f"s{n}": program for n, program in enumerate(exercise.mixed(number))}
    many = {f"s{n}": program for n, program in enumerate(exercise.mixed(MORE * number))}
    alone = Place(place.folder, 1)
    few_seen = alone.grade(handed_in(place.folder / "few", programs), "few.db").seconds
    many_seen = alone.grade(handed_in(place.folder / "many", many), "many.db").seconds
    warm_up(place.folder)
    nbgrader_course.prepare(place.folder / "nbgrader", CELL_SECONDS)
    theirs = nbgrader_course.grade(place.folder / "nbgrader", programs)
    otter_course.prepare(place.folder / "otter")
    others = otter_course.grade(place.folder / "otter", programs, KILLED_SECONDS)
    seconds = {
        f"grade batch, {number}": few_seen / number,
        f"grade batch, {MORE * number}": many_seen / len(many),
        f"nbgrader autograde, {number}": sum(each.seconds for each in theirs.values()) / number,
        f"otter run, {number}": sum(each.seconds for each in others.values()) / number,
    }
    return [
        {"way": way, "s each": each, "a second": 1 / each, "times": each / (many_seen / len(many))}
        for way, each in seconds.items()
    ]


def warm_up(folder: Path) -> None:
    """Their programs are read from the disk, and keep what they make at their first start."""
    one = {"first": exercise.kinds()["right"]}
    nbgrader_course.prepare(folder / "nbgrader-first", CELL_SECONDS)
    nbgrader_course.grade(folder / "nbgrader-first", one)
    otter_course.prepare(folder / "otter-first")
    otter_course.grade(folder / "otter-first", one, 10 * KILLED_SECONDS)


def said(place: Place) -> list[Mapping[str, object]]:
    """One after the other, so that each has its own time."""
    kinds = exercise.kinds()
    nbgrader_course.prepare(place.folder / "nbgrader-kinds", CELL_SECONDS)
    otter_course.prepare(place.folder / "otter-kinds")
    rows = list[Mapping[str, object]]()
    for label, program in kinds.items():
        one = {label.replace(" ", "_").replace(".", "_"): program}
        found = {
            "grade": ours(place, one),
            "nbgrader": nbgrader_course.grade(place.folder / "nbgrader-kinds", one),
            "otter": otter_course.grade(place.folder / "otter-kinds", one, KILLED_SECONDS),
        }
        for grader, (it,) in ((grader, each.values()) for grader, each in found.items()):
            row = {"handed in": label, "grader": grader, "points": it.points or "none"}
            rows.append({**row, "s": it.seconds, "says": it.words[:70]})
    return rows


def ours(place: Place, one: Mapping[str, str]) -> dict[str, Said]:
    ((student, _),) = one.items()
    seen = place.grade(handed_in(place.folder / f"kind-{student}", one), "kinds.db")
    (line,) = seen.lines
    report = line["report"]
    named = [each["id"] for each in report.get("diagnosis", ())]
    notes = [note for part in report.get("parts", ()) for note in part["notes"]]
    failed = [each["message"] for each in report.get("checks", ()) if each["outcome"] != "pass"]
    words = line.get("error") or next(iter([*named, *reversed(notes), *failed]), "")
    points = f"{report['points']:g}" if report else ""
    return {student: Said(points, words.partition("\n")[0], seen.seconds)}


def handed_in(folder: Path, programs: Mapping[str, str]) -> Path:
    """A folder a student, with a notebook."""
    for student, program in programs.items():
        path = folder / student / "ex4.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(exercise.notebook(program), encoding="utf-8")
    return folder
