"""Whatever stands in the files of a course, its author reads what is wrong and where."""

import json
import random
import re
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from grader.course.loading import load_course, load_file
from grader.errors import AuthorError
from tests import samples

ROOT = Path(__file__).parents[2]
COURSE = {
    path.stem: (path.read_text(), (ROOT / "solutions" / f"{path.stem}.py").read_text())
    for path in sorted((ROOT / "exercises").glob("ex*.yaml"))
}
# The small one is read ten times as fast, and holds one part of each kind.
FILES = {"small": (samples.YAML, samples.SOLUTION), **COURSE}
EXERCISES = st.sampled_from(["small"] * 10 * len(COURSE) + list(COURSE))
CHANCE = st.randoms(use_true_random=False)

PLACE = re.compile(r".*\.(yaml|py):\d+:\d+: ")
SNIPPETS = [
    *("\0", "\t", "\x1b", "\x0b", "\u202e", "\u2028", "\x85", "\ufeff", "\U0001f600", "'", '"'),
    *("&a [*a]", "*a", "<<: *a", "!!python/object:os.system x", "!!binary aGk=", "!!set {a}"),
    *("- " * 60, "[" * 60, "{", "}", "]", ": ", "#", "|", "? a", "`", "@", "%YAML 1.1\n", "---\n"),
    *("1e999", "9" * 30, "010", "0x10", "1:30", "no", "~", ".nan", ".inf", "2001-01-01", "-0"),
    *("[[x]]", "[[", "]]", f"[[{'(' * 300}]]", f"[[{'9' * 5000}]]", "(" * 500, "a" * 2000),
    *('"\\0"', '"\\ud800"', '"\\e"', "'''", '"""', "\\", "\n", "\n  ", "# <drive>", "# </drive>"),
]
VALUES: list[Any] = [
    *(None, True, 0, -1, 1.5, 10**17, "", "x", "[[x]]", "(", "1/0", "randn(1000, 1000)", "\n"),
    *("9**9**9", "lambda: 0", "a.b", "'a'", "\u202e", "x" * 3000, "def f(:", "return 1"),
    *([], {}, [[]], ["a"], [None], {"a": 1}, {"id": None}, {"replace": ["a"]}),
]
KEYS = ["id", "kind", "cases", "inputs", "checks", "say", "todo", "code", "replace", "of", "x"]


def with_text_exchanged(text: str, chance: random.Random) -> str:
    """The same text with lines lost, doubled, swapped or indented, and odd things put in."""
    lines = text.split("\n")
    for _ in range(chance.choice([1, 1, 2, 5])):
        one, other = chance.randrange(len(lines)), chance.randrange(len(lines))
        match chance.randrange(6):
            case 0:
                at = chance.randrange(len(lines[one]) + 1)
                lines[one] = lines[one][:at] + chance.choice(SNIPPETS) + lines[one][at:]
            case 1:
                lines[one] = f"{lines[one].partition(': ')[0]}: {chance.choice(SNIPPETS)}"
            case 2:
                lines[one] = " " * chance.randrange(5) + lines[one]
            case 3:
                lines.insert(other, lines[one])
            case 4:
                lines[one], lines[other] = lines[other], lines[one]
            case _:
                lines[one] = ""
    return "\n".join(lines)


def with_data_exchanged(text: str, chance: random.Random) -> str:
    """The same tree with values of other types, and keys lost, added or moved; JSON is YAML too."""
    data = yaml.load(text, Loader=yaml.CSafeLoader)
    spots = places(data)
    for _ in range(chance.choice([1, 1, 2, 4])):
        owner, key = chance.choice(spots)
        match chance.randrange(4):
            case 0 if isinstance(owner, dict):
                owner.pop(key, None)
            case 1 if isinstance(owner, dict):
                owner[chance.choice(KEYS)] = chance.choice(VALUES)
            case 2:
                owner[key] = deepcopy(chance.choice(spots)[0])
            case _:
                owner[key] = chance.choice(VALUES)
    return json.dumps(data, indent=1, ensure_ascii=False)


def places(node: Any) -> list[tuple[Any, Any]]:  # noqa: ANN401  (YAML)
    """Every place of a tree that holds a value: what it belongs to, and its key there."""
    if not isinstance(node, dict | list):
        return []
    keys = list(node) if isinstance(node, dict) else list(range(len(node)))
    return [(node, key) for key in keys] + [spot for key in keys for spot in places(node[key])]


def assert_read_or_told(path: Path) -> None:
    """It is an exercise, or its author is told; whoever opens the file finds the place."""
    try:
        load_file(path)
    except AuthorError as error:
        for line in str(error).split("\n"):
            assert PLACE.match(line), line


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("course")


@given(EXERCISES, CHANCE)
def test_lines_of_an_exercise(folder: Path, name: str, chance: random.Random) -> None:
    yaml_, solution = FILES[name]

    assert_read_or_told(samples.write(folder, with_text_exchanged(yaml_, chance), solution))


@given(EXERCISES, CHANCE)
def test_values_of_an_exercise(folder: Path, name: str, chance: random.Random) -> None:
    yaml_, solution = FILES[name]

    assert_read_or_told(samples.write(folder, with_data_exchanged(yaml_, chance), solution))


@given(EXERCISES, CHANCE)
def test_lines_of_a_solution(folder: Path, name: str, chance: random.Random) -> None:
    yaml_, solution = FILES[name]

    assert_read_or_told(samples.write(folder, yaml_, with_text_exchanged(solution, chance)))


@given(st.binary(max_size=300), st.booleans())
def test_bytes(folder: Path, content: bytes, in_solution: bool) -> None:  # noqa: FBT001
    path = samples.write(folder)
    where = folder / "solutions" / f"{path.stem}.py" if in_solution else path
    where.write_bytes(content)

    assert_read_or_told(path)


@given(CHANCE, st.binary(max_size=60))
def test_a_course_file(folder: Path, chance: random.Random, tail: bytes) -> None:
    path = samples.write(folder).with_name("course.yaml")
    about = "format: 1\nid: small\ntitle: A small course\nisolation: none\n"
    path.write_bytes(with_text_exchanged(about, chance).encode() + tail * chance.randrange(2))

    try:
        load_course(folder)
    except AuthorError as error:
        assert PLACE.match(str(error))  # noqa: PT017  (either outcome is right)


@pytest.mark.parametrize(
    "bomb",
    [
        "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\n",
        "a: &a\n  <<: *a\n",
        "a: " + "[" * 100_000,
        "- " * 100_000,
        "? " * 100_000,
        "a: !!python/object/apply:os.system ['touch here']\n",
        "a: !!python/name:os.system\n",
        f"a: {'9' * 100_000}\n",
        "a: " + "&" * 100_000,
    ],
)
def test_a_bomb_is_refused_at_its_place(folder: Path, bomb: str) -> None:
    with pytest.raises(AuthorError) as error:
        load_file(samples.write(folder, bomb))

    assert PLACE.match(str(error.value))


@pytest.mark.parametrize("code", ["-" * 100_000 + "1", "not " * 50_000 + "1", "x" + ".a" * 100_000])
@pytest.mark.parametrize("where", ["solution", "given", "todo", "accept"])
def test_code_that_is_nested_too_deeply_is_told(folder: Path, code: str, where: str) -> None:
    """Python itself gives up on it with a RecursionError, or a MemoryError."""
    yaml_, solution = samples.YAML, samples.SOLUTION
    match where:
        case "solution":
            solution = solution.replace("return 2 * a * x", f"return {code}")
        case "given":
            solution = solution.replace("t = torch.tensor([1.0, 2.0])", f"t = {code}")
        case "todo":
            yaml_ = yaml_.replace(
                "{say: Add up all entries of `t`.}", f"{{say: Add., start: {code}}}"
            )
        case _:
            yaml_ = yaml_.replace('"return a * x + a * x"', f'"return {code}"')

    with pytest.raises(AuthorError, match="nested too deeply") as error:
        load_file(samples.write(folder, yaml_, solution))

    assert PLACE.match(str(error.value))


@pytest.mark.parametrize("given", ['t = """', "t = (", "\\"])
def test_a_region_that_ends_inside_of_a_text_is_told(folder: Path, given: str) -> None:
    """The file as a whole is Python, what stands between the marks is not."""
    solution = samples.SOLUTION.replace("t = torch.tensor([1.0, 2.0])", given)
    solution = solution.replace("# <add>\n", f"# <add>\n{'x' if given[-1] != '(' else '1)'}\n", 1)
    if given.endswith('"'):
        solution = solution.replace("total = t[0]", '"""\ntotal = t[0]')

    with pytest.raises(AuthorError) as error:
        load_file(samples.write(folder, samples.YAML, solution))

    assert PLACE.match(str(error.value))


@pytest.mark.parametrize("character", ["\0", "\x1b", "\x7f", "\ufffe", "\x0b"])
def test_what_nobody_can_see_is_told_with_its_place(folder: Path, character: str) -> None:
    """The YAML library alone would only count bytes."""
    path = samples.write(folder, samples.YAML.replace("Slopes", f"Slo{character}pes"))

    with pytest.raises(AuthorError, match=rf"yaml:3:11: is not YAML: U\+{ord(character):04X}"):
        load_file(path)
