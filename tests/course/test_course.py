from collections.abc import Mapping
from pathlib import Path

import jsonschema
import pytest
import yaml

from grader.checks.check import Check, View, Watching
from grader.course.crosscheck import Draft, problems
from grader.course.document import dotted, parse, read
from grader.course.loading import as_text, load_course, load_exercise, load_file, schema
from grader.errors import AuthorError, StudentError
from grader.inputs.expressions import Expression
from grader.model import Finding
from tests import samples


def error_of(path: Path) -> str:
    with pytest.raises(AuthorError) as error:
        load_file(path)
    return str(error.value)


def changed(folder: Path, old: str, new: str) -> str:
    """What is said of the sample with one piece of YAML exchanged."""
    assert samples.YAML.count(old) == 1
    return error_of(samples.write(folder, samples.YAML.replace(old, new)))


def solved(folder: Path, old: str, new: str) -> str:
    """What is said of the sample with one piece of its solution exchanged."""
    assert samples.SOLUTION.count(old) == 1
    return error_of(samples.write(folder, solution=samples.SOLUTION.replace(old, new)))


def test_a_course_lists_its_exercises(tmp_path: Path) -> None:
    path = samples.write(tmp_path)

    course = load_course(tmp_path)

    assert (course.id, course.title, course.isolation) == ("small", "A small course", "strong")
    assert (dict(course.paths), dict(course.titles)) == ({"ex7": path}, {"ex7": "Slopes"})


def test_an_exercise_comes_with_its_solution(tmp_path: Path) -> None:
    samples.write(tmp_path)

    exercise = load_exercise(load_course(tmp_path), "ex7")

    assert [part.id for part in exercise.parts] == ["look", "by-hand", "plain"]
    assert exercise.solution.code("formula") == "return 2 * a * x"


def test_the_digest_changes_with_either_file(tmp_path: Path) -> None:
    yaml_, solution = samples.YAML + "# more\n", samples.SOLUTION + "# more\n"

    one = samples.load(tmp_path)
    two = samples.load(tmp_path, yaml=yaml_)
    three = samples.load(tmp_path, solution=solution)

    assert len({one.digest, two.digest, three.digest}) == 3


def test_an_unknown_exercise_is_the_students_error(tmp_path: Path) -> None:
    samples.write(tmp_path)

    with pytest.raises(StudentError, match="no exercise 'ex70'") as error:
        load_exercise(load_course(tmp_path), "ex70")

    assert error.value.hint == "did you mean ex7? exercises: ex7"


def test_two_exercises_cannot_share_an_id(tmp_path: Path) -> None:
    path = samples.write(tmp_path)
    path.with_name("ex08_other.yaml").write_text(samples.YAML)

    with pytest.raises(AuthorError, match="id 'ex7' is taken"):
        load_course(tmp_path)


def test_a_folder_without_course_says_so(tmp_path: Path) -> None:
    with pytest.raises(AuthorError, match=r"course.yaml: cannot be read: No such file"):
        load_course(tmp_path)


def test_a_wrong_course_file_is_told_with_its_place(tmp_path: Path) -> None:
    samples.write(tmp_path)
    (tmp_path / "exercises" / "course.yaml").write_text("format: 1\nid: a\ntitle: t\nisolate: no\n")

    with pytest.raises(AuthorError, match=r"course.yaml:4:1: isolate: unknown key; did you mean"):
        load_course(tmp_path)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("format: 1", "format: 2", ":1:9: format: found 2; should be 1"),
        ("format: 1", "format: one", ":1:9: format: found the text 'one'; should be 1"),
        ("title: Slopes", "titel: Slopes", ":3:1: titel: unknown key; did you mean `title`?"),
        ("title: Slopes", "", "title: is missing"),
        ("title: Slopes", "title: no", ":3:8: title: found `no`, which YAML reads as false"),
        ("title: Slopes", "title: 3", ":3:8: title: found 3; allowed: a text"),
        ("title: Slopes", "title: a\ntitle: b", ":4:1: title: stands twice, first in line 3"),
        ("title: Slopes", "title: a\nlevel: 1e1", "'1e1'; allowed: a whole number; write 1.0e+1"),
        ("title: Slopes", "title: a\nlevel: '3'", "a whole number; write it without quotes"),
        ("title: Slopes", "title: a\nlevel: 010", "found `010`; write a plain decimal number"),
        ("title: Slopes", "title: a\nlevel: 9", "level: found 9; should be less than or equal"),
        ("title: Slopes", "title: 2026-01-02", "timestamp; put a text in quotes"),
        ("title: Slopes", "title: a\n3: b", ":4:1: 3: found `3`, which is no text to YAML"),
        ("kind: code", "kind: cod", "found 'cod' as kind; allowed: 'code', 'script', 'predict'"),
        ("kind: close, of: [slope]", "kind: close, of: slope", "checks[0].of: found the text"),
        ("points: 2", "points: 2, tolerance: 1e-4", "allowed: a number; write 1.0e-4"),
        ('["2 * a", "a"]', '["2 * a"]', "formula.replace[1]: is missing"),
        ('{replace: ["2 * a", "a"]}', "3", "formula: found 3; allowed: a text or a mapping"),
        ("times: 2", "times: 2, dtype: double", "should be 'float32' or 'float64'"),
        ("ex7\n", "Ex7\n", "id: found the text 'Ex7'; allowed: what matches"),
    ],
)
def test_the_schema_is_strict(tmp_path: Path, old: str, new: str, says: str) -> None:
    assert says in changed(tmp_path, old, new)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("ex7\n", "ex8\n", "found 'ex8'; ex07_slopes.yaml allows 'ex7'"),
        ("[[a]]`.", "[[b]]`.", ":4:15: instructions: no name 'b' here; known: x0, a"),
        ("[[a]]`.", "[[a +]]`.", "instructions: 'a +' is not an expression"),
        ("choice(3.0, 4.0)", "choise(3.0)", "variant.a: no function 'choise'"),
        ("choice(3.0, 4.0)", "3 / 0", "variant.a: division by zero"),
        ('a: "uniform(2, 3)"', "a: x0", "(case 'other' is hidden: no variant names)"),
        ("uniform(1, 2, 3)", "uniform(1, z, 3)", "parts[1].inputs.x: no name 'z' here"),
        ("randn(2, 2)", "randn(2.5)", "cases[1].inputs.x: a whole number is needed"),
        ("first: {say", "second: {say", "todo.second: the program does not ask for it"),
        ("first: {say", "second: {say", "program: asks for 'first', which is not in `todo`"),
        ("#? first = x.grad", "pass", "the program does not ask for it; asked: nothing"),
        ('expects: {first: "a', 'expects: {frist: "a', "no ask 'frist'; allowed: first"),
        ('"a * x0**2"', '"q * x0**2"', "expects.first: no name 'q' here; known: first, x0, a"),
        ("points: 1, say: The g", "of: [b], say: The g", "no 'b' here; allowed: first"),
        ("kind: close, of: [slope]", "kind: state, of: [autograd.used]", "{autograd: true}"),
        ("kind: answers", "kind: close, of: [a]", "allowed in a predict part: only `answers`"),
        (
            "kind: close, of: [slope]",
            "kind: unchanged, of: [q]",
            "of[0]: no 'q' here; allowed: x, a",
        ),
        ("kind: close, of: [slope]", "kind: bounded, of: slope, most: q", "most: no name 'q' here"),
        (
            "kind: close, of: [slope]",
            "kind: bounded, of: steps, most: 1",
            "nothing watches `steps`",
        ),
        ("points: 2", "needs: total", "needs: no earlier check 'total'"),
        ("points: 2", "cases: [othr]", "no 'othr' here; allowed: shown, other, other.1, other.2"),
        ("id: by-hand", "id: look", "parts[1].id: found 'look' again; a name stands once"),
        ("{id: other,", "{id: shown,", "cases[1].id: found 'shown' again"),
        ("      - {id: shown, open: true}\n", "      - {id: shown}\n", "a script needs an open"),
        ("observe: [total]", "observe: [totl]", "no 'totl' at the top level of <plain>"),
        ("observe: [total]", "observe: [other]", "no 'total' here; allowed: other"),
        ("half: {say", "half: {same_as: [x], say", "same_as[0]: no 'x' here; allowed: half"),
        ("half: {say", "half: {same_as: [half], say", "does not list 'half' in its own"),
        ("kind: code", "kind: code\n    drive: go", "no function 'go' in <drive>; allowed: drive"),
        ('a: "uniform(2, 3)"', "b: 1", "drive() needs 'a', which is no input of this case"),
        (
            "kind: code",
            "kind: code\n    watch: {steps: {w: w0}}",
            "steps.w: no input 'w0' in every",
        ),
        ("formula: {say", "formla: {say", "todo.formla: no region <formla> in this part; allowed"),
        ("formula: {say", "add: {say", "no region <add> in this part; allowed: formula, by_hand"),
        ('{formula: "return a', '{formula: "return (a', "with this code the file is not Python"),
        ('["2 * a", "a"]', '["y", "a"]', "<formula> holds 'y' 0 times, not once"),
        ("{add: total = t.mean()}", "{nowhere: x}", "code.nowhere: no region <nowhere>"),
        ("id: plain", "id: script", "has no top-level region <script>"),
    ],
)
def test_names_lead_somewhere(tmp_path: Path, old: str, new: str, says: str) -> None:
    assert says in changed(tmp_path, old, new)


def test_a_kind_that_nobody_knows_tells_itself_what_must_lead_somewhere(tmp_path: Path) -> None:
    """A check kind is one file: what it names, and what it wants watched, is asked of it."""

    class Follows(Check):
        @property
        def named_inputs(self) -> Mapping[str, tuple[str, ...]]:
            return {"after": ("x", "nowhere")}

        @property
        def expressions(self) -> Mapping[str, Expression]:
            return {"up_to": "x +"}

        @property
        def wants(self) -> frozenset[Watching]:
            return frozenset({"steps", "autograd"})

        def judge(self, view: View) -> Finding:
            raise NotImplementedError

    path = samples.write(tmp_path)
    file = load_file(path).file
    part = file.parts[1].model_copy(update={"checks": (Follows(id="it", say="It is."),)})

    found = problems(Draft(parse(read(path), str(path)), file.variant, {1: part}))

    assert [(dotted(problem.keys), problem.says[:24]) for problem in found] == [
        ("parts[1].checks[0].after[1]", "no 'nowhere' here; allow"),
        ("parts[1].checks[0].up_to", "'x +' is not an expressi"),
        ("parts[1].checks[0]", "nothing watches `steps`;"),
        ("parts[1].checks[0]", "nothing watches autograd"),
    ]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("canary: 0", "canary; 0", ":1:1: the docstring has no line `canary: `"),
        ("# </given>\n", "", ".py:28:1: </plain> closes no open <plain>"),
        ("return 2 * a * x", "return (2", "is not Python"),
        ("t = torch.tensor([1.0, 2.0])", "t = 1\nprint(t)", "<given> holds `print(t)`"),
        ("total = t[0]\n", "total = t[0]\nfirst = 1\n", "'first' is also defined in"),
        ("# <drive>\n", "# <drove>\n", "closes no open <drive>"),
    ],
)
def test_a_solution_is_checked_too(tmp_path: Path, old: str, new: str, says: str) -> None:
    assert says in solved(tmp_path, old, new)


def test_a_missing_solution_is_told(tmp_path: Path) -> None:
    assert "ex07_slopes.py: is missing" in error_of(samples.write(tmp_path, solution=None))


def test_the_file_name_says_which_exercise_it_is(tmp_path: Path) -> None:
    path = samples.write(tmp_path)

    assert "allowed: exNN_some_words.yaml" in error_of(path.rename(path.with_name("slopes.yaml")))


def test_all_problems_are_told_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    """One wrong part does not hide what is wrong with another, or with the solution."""
    wrong = samples.YAML.replace("title: Slopes", "titel: Slopes").replace("[[a]]`.", "[[b]]`.")
    wrong = wrong.replace("kind: code", "kind: cod").replace("observe: [total]", "observe: [a]")
    path = samples.write(tmp_path, wrong, samples.SOLUTION.replace("canary", "bird"))

    lines = error_of(path).splitlines()

    places = [int(line.split(":")[1]) for line in lines if line.startswith(str(path))]
    assert places == sorted(places)
    assert len(lines) == 7


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a: &x [1]\nb: *x\n", ":2:4: *x is an alias; write the value out"),
        ("a: " + "[" * 100, "is nested more than 40 levels deep"),
        ("a: [1\nb: 2", ":2:2: is not YAML"),
        ("a: 1\n---\nb: 1\n", "is not YAML: but found another document"),
        ("a: \x07", "is not YAML"),
        ("", ":1:1: found nothing; allowed: a mapping"),
        ("- 1", ":1:1: found the list [1]; allowed: a mapping"),
        ("a: !!python/name:os.system x", "put a text in quotes"),
        ("? [a]\n: 1", "found a list or mapping as a key"),
        ("a: " + "x" * 1024 * 1024, "is larger than 1048576 bytes"),
    ],
)
def test_a_file_that_is_not_plain_yaml_is_refused(tmp_path: Path, text: str, says: str) -> None:
    assert says in error_of(samples.write(tmp_path, text))


def test_a_file_that_is_not_utf_8_is_refused(tmp_path: Path) -> None:
    path = samples.write(tmp_path)
    path.write_bytes(b"format: 1\nid: \xff\n")

    assert "ex07_slopes.yaml:2:1: is not UTF-8 text" in error_of(path)


def test_editors_get_a_json_schema(tmp_path: Path) -> None:
    samples.write(tmp_path)

    jsonschema.validate(yaml.safe_load(samples.YAML), schema())

    assert as_text(schema()).endswith("}\n")
