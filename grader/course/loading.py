"""YAML + solution → Exercise."""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from grader.course import anchors, crosscheck, draws
from grader.course.crosscheck import Draft
from grader.course.document import Document, Problem, children, elsewhere, heading, parse, read
from grader.course.format import BookRules, Course, CourseFile, Exercise, ExerciseFile
from grader.course.parts import Part
from grader.course.regions import Solution
from grader.course.regions import parse as parse_regions
from grader.course.schema import validated
from grader.errors import AuthorError, StudentError, UsageError
from grader.inputs.expressions import Expression

COURSE_FILE = "course.yaml"
_FILE_NAME = re.compile(r"ex(?P<number>\d{2,})_[a-z0-9_]+\.yaml")


def load_course(folder: Path, *, trusted: bool = False) -> Course:
    """The course in a folder; of its exercises only id and title are read.

    Only a `trusted` one may ask for less than the usual isolation: see `settings`.
    Raises AuthorError with every problem of `course.yaml` and of the exercises' names.
    """
    path = folder / "exercises" / COURSE_FILE
    document = parse(read(path), str(path))
    file = validated(TypeAdapter(CourseFile), document)
    problems = [problem for problem in document.problems if not _is_due(problem)]
    if isinstance(file, list) or problems:
        raise document.error([*problems, *(file if isinstance(file, list) else [])])
    paths, titles = _listed(folder / "exercises")
    strangers = list(_strangers(document, file.book, paths))
    if strangers:
        raise document.error(strangers)
    about = (file.id, file.title, file.isolation)
    return Course(folder, *about, paths, titles, file.released, file.book, trusted)


def load_exercise(course: Course, exercise_id: str) -> Exercise:
    """One exercise of a course.  Raises StudentError if there is none of that id."""
    path = course.paths.get(exercise_id)
    if path is None:
        close = get_close_matches(exercise_id, course.paths, n=1)
        guess = f"did you mean {close[0]}? " if close else ""
        hint = f"{guess}exercises: {', '.join(course.paths)}"
        raise StudentError(f"no exercise {exercise_id!r} in this course", hint=hint)
    if course.released is None:
        return load_file(path)
    return _released(path, course.released.digests.get(exercise_id, ""))


def load_file(path: Path) -> Exercise:
    """One exercise from its YAML file and the solution of the same name.

    Raises AuthorError with every problem of both, one line each.
    """
    text = read(path)
    document = parse(text, str(path))
    file = validated(TypeAdapter(ExerciseFile), document)
    solution = _solution(path)
    problems = [*document.problems, *_names(document, path)]
    problems += file if isinstance(file, list) else []
    draft = _draft(document, file)
    problems += crosscheck.problems(draft)
    problems += [] if isinstance(solution, Problem) else anchors.problems(draft, solution)
    problems += [solution] if isinstance(solution, Problem) else []
    if problems or isinstance(file, list) or isinstance(solution, Problem):
        raise document.error(problems)
    drawn = draws.read(path.parent).get(file.id, {})
    words = [text, solution.text, *([draws.text(drawn)] if drawn else [])]
    digest = hashlib.sha256("\0".join(words).encode()).hexdigest()
    return Exercise(file, solution, path, digest, drawn)


def with_solutions(course: Course) -> Course:
    """The course, if it is no release: that can judge no hidden case, and prove nothing.

    Raises UsageError for a release.
    """
    if course.released is not None:
        raise UsageError(
            f"{course.folder} is a release: what students may have, without solutions",
            hint="name the folder of the course that it was made from: --course DIR",
        )
    return course


def _released(path: Path, digest: str) -> Exercise:
    """An exercise of a release, from its YAML file and the skeleton beside it.

    It was proved where it was made, so names are not looked after again.
    """
    document = parse(read(path), str(path))
    file = validated(TypeAdapter(ExerciseFile), document)
    if isinstance(file, list) or document.problems:
        raise document.error([*document.problems, *(file if isinstance(file, list) else [])])
    skeleton = path.with_suffix(".py")
    solution = parse_regions(read(skeleton), str(skeleton))
    return Exercise(file, solution, path, digest, draws.read(path.parent).get(file.id, {}))


def schema() -> dict[str, Any]:
    """The JSON Schema of an exercise file, for editors."""
    return ExerciseFile.model_json_schema()


def as_text(json_schema: dict[str, Any]) -> str:
    return json.dumps(json_schema, indent=2, ensure_ascii=False) + "\n"


def _listed(folder: Path) -> tuple[dict[str, Path], dict[str, str]]:
    """Id → file, and id → title, in the order of the files' numbers."""
    paths: dict[str, Path] = {}
    titles: dict[str, str] = {}
    complaints = []
    files = [path for path in folder.glob("*.yaml") if path.name != COURSE_FILE]
    for path in sorted(files, key=lambda path: path.name):
        found = heading(path)
        name = found.get("id", "")
        if not name or not _FILE_NAME.fullmatch(path.name):
            complaints.append(f"{path}:1:1: needs an `id`, and a name like ex04_training_loop.yaml")
        elif name in paths:
            complaints.append(f"{path}:1:1: id {name!r} is taken by {paths[name]}")
        else:
            paths[name], titles[name] = path, found.get("title", name)
    if complaints:
        raise AuthorError("\n".join(complaints))
    return paths, titles


def _is_due(problem: Problem) -> bool:
    """A time that stands for itself is a mistake in YAML, but not where a time is meant."""
    return problem.keys[:2] == ("book", "exercises") and problem.keys[3:] == ("due",)


def _strangers(
    document: Document, rules: BookRules, known: Mapping[str, Path]
) -> Iterator[Problem]:
    """Rules of the book for what is no exercise of the course."""
    for name in rules.exercises:
        if name not in known:
            close = get_close_matches(name, known, n=1)
            guess = f"did you mean `{close[0]}`? " if close else ""
            says = f"no such exercise; {guess}allowed: {', '.join(known)}"
            keys = ("book", "exercises", name)
            yield Problem(keys, says, document.keys[keys])


def _names(document: Document, path: Path) -> Iterator[Problem]:
    """A file's name begins with a number, and an id such as ex4 has the same."""
    name = _FILE_NAME.fullmatch(path.name)
    if name is None:
        yield Problem((), f"the file is named {path.name}; allowed: exNN_some_words.yaml")
        return
    wanted = f"ex{int(name['number'])}"
    found = children(document.data).get("id")
    if isinstance(found, str) and re.fullmatch(r"ex\d+", found) and found != wanted:
        yield Problem(("id",), f"found {found!r}; {path.name} allows {wanted!r}")


def _draft(document: Document, file: ExerciseFile | list[Problem]) -> Draft:
    """What can be looked at further though other parts of the file are wrong."""
    if isinstance(file, ExerciseFile):
        return Draft(document, file.variant, dict(enumerate(file.parts)))
    one_part: TypeAdapter[Part] = TypeAdapter(Part)
    names: TypeAdapter[dict[str, Expression]] = TypeAdapter(dict[str, Expression])
    top = children(document.data)
    variant: dict[str, Expression] | list[Problem] = []
    if "variant" in top:
        variant = validated(names, document, ("variant",))
    parts = {
        number: part
        for number in children(top.get("parts"))
        if isinstance(number, int)
        and not isinstance(part := validated(one_part, document, ("parts", number)), list)
    }
    return Draft(document, variant if isinstance(variant, dict) else {}, parts)


def _solution(path: Path) -> Solution | Problem:
    """The solution beside an exercise, or what is wrong with it."""
    where = path.parent.parent / "solutions" / f"{path.stem}.py"
    if not where.exists():
        return elsewhere(f"{where}: is missing; an exercise is loaded with its solution")
    try:
        return parse_regions(read(where), str(where))
    except AuthorError as error:
        return elsewhere(f"{error}; {error.hint}" if error.hint else str(error))
