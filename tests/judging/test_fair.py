"""Right styles agree on what is drawn: near zero, on a kink, where sums cancel, for any secret."""

import json
import math
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from grader import settings
from grader.checks.close import Close
from grader.checks.compare import TOLERANCE
from grader.checks.noise import Noise, noise
from grader.checks.state import State
from grader.checks.trace import SAME, first_departure, steps_distance
from grader.course import draws
from grader.course.format import Exercise
from grader.course.loading import load_course, load_exercise, load_file
from grader.course.parts.code import CodePart
from grader.errors import AuthorError
from grader.files import write_whole
from grader.handout import render
from grader.judging import workshop
from grader.judging.exhibit import exhibits
from grader.judging.judge import Answer, judge_runs
from grader.judging.keys import Drawn, Key, Keys, Taken, computed
from grader.judging.keys.fair import ROOM, in_dtype, styles
from grader.judging.settled import settled
from grader.judging.workshop import Workshop
from grader.model import Ended, Number, Outcome, Parsed, Run, as_array
from grader.proving.prove import prove
from grader.sandbox.cache import digest
from grader.sandbox.client import Sandbox
from grader.sandbox.jobs import Job
from tests import releases, shops
from tests.benchmarks import secrets
from tests.samples_seen import run_of, step, view

# Under each, w or b of a hidden case of ex4 came out so near zero in the first draw that an honest
# style was more than the tolerance away.
UNLUCKY = (
    "7d02657f6227e6c2a6ca2fd967dd6cf7523052b87e9a66f11056c080c6a9d698",
    "1f8bc6b5bed0299ac3964d4580f9252174971681a7125217c1328ba093ded3aa",
    "86e15471c470f7b71a9178b08657c46171a91cb14aa6e37c66808370c55e3481",
)

YAML = """\
format: 1
id: ex1
title: One number
instructions: One number.
variants: 2
parts:
  - id: one
    kind: code
    title: One number
    inputs:
INPUTS
    cases:
      - {id: shown, open: true}
      - {id: hidden, times: 2}
    todo: {body: {say: Compute it.}}
    checks:
      - {id: y, kind: close, of: [y], say: The number is right.}
    mistakes:
      other: {say: One too many., code: {body: "y = torch.tensor(77.0)"}}
"""

SOLUTION = '''\
"""One number.

canary: 0123456789abcdef0123456789abcdef
"""

import torch

# <one>


def one(x, c):
    # <body>
BODY
    # </body>
    return y


# </one>


# <drive>
def drive(x, c):
    return {"y": one(x, c).detach()}


# </drive>
'''

KINK = """\
t = torch.tensor(x, requires_grad=True)
y = FUNCTION
y.backward()
y = t.grad * 2 + c"""

# Each computes something that hangs on a rounding for some of the x that may be drawn.
TROUBLES = {
    "near_zero": ("y = torch.tensor(x) * 3.1 - 6.2 + c - 1.7", "2.0001", "1.7"),
    "relu": (KINK.replace("FUNCTION", "torch.relu(t * 3 - 0.3)"), "0.1", ""),
    "clamp": (KINK.replace("FUNCTION", "torch.clamp(t * 3, max=0.3)"), "0.1", ""),
    "rounded": ("y = torch.floor(torch.tensor(x) * 100) + c", "0.29", ""),
    "cancels": ("y = (torch.tensor(x) * 1000 + c) - 1000 * 0.3 - c", "0.3", ""),
}


def written(folder: Path, body: str, x: str, c: str = "uniform(1.1, 1.9)") -> Path:
    """A course of one exercise; the path of its YAML."""
    for name in ("exercises", "solutions"):
        (folder / name).mkdir()
    (folder / "exercises" / "course.yaml").write_text("format: 1\nid: tiny\ntitle: Tiny\n")
    lines = body.replace("\n", "\n    ")
    (folder / "solutions" / "ex01_one.py").write_text(SOLUTION.replace("BODY", f"    {lines}"))
    path = folder / "exercises" / "ex01_one.yaml"
    path.write_text(YAML.replace("INPUTS", f'      x: "{x}"\n      c: "{c}"'))
    return path


@pytest.fixture
def shop(sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    return shops.shop(shops.ROOT, sandbox, tmp_path_factory)


@pytest.fixture
def ex4(shop: Workshop) -> Exercise:
    return load_exercise(shop.course, "ex4")


def part_of(exercise: Exercise) -> CodePart:
    (part,) = exercise.parts
    assert isinstance(part, CodePart)
    return part


def hidden(key: Key) -> Iterator[Drawn]:
    return (case for case in key.cases if case.hidden)


# --- any secret ----------------------------------------------------------------------------------


@pytest.mark.parametrize("secret", UNLUCKY)
def test_no_honest_style_loses_a_point_under_an_unlucky_secret(
    secret: str, shop: Workshop, ex4: Exercise, tmp_path: Path
) -> None:
    keys, part = Keys("autograd", bytes.fromhex(secret), shop.runs, tmp_path), part_of(ex4)

    key = keys.key(ex4, part, 0)

    assert key.unmet == ()
    for case in hidden(key):
        runs = shop.runs.run([style.job for style in styles(ex4, part, case)])
        for run in runs:
            view = key.view(case, in_dtype(run, case.dtype), Parsed())
            for check in part.checks:
                if check.covers(case.id):
                    assert max(check.excesses(view).values()) <= 1 / ROOM


@pytest.mark.parametrize("number", range(2))
def test_what_depends_on_the_secret_holds(number: int, sandbox: Sandbox) -> None:
    """A sample of `python -m tests.benchmarks.secrets`."""
    secret = [*secrets.secrets(9, 2)][number]

    with secrets.bench(secret, sandbox) as bench:
        exercise = bench.exercise(("ex1", "ex5")[number])
        parts = [part for part in exercise.parts if isinstance(part, CodePart)]
        rows = [secrets.drawn(bench, exercise, part) for part in parts]

    assert all(row["holds"] for row in rows), rows


# --- any trouble ---------------------------------------------------------------------------------


@pytest.mark.parametrize("trouble", TROUBLES)
def test_a_draw_that_hangs_on_a_rounding_is_not_taken(
    trouble: str, shop: Workshop, tmp_path: Path
) -> None:
    body, bad, c = TROUBLES[trouble]
    x = f"choice({bad}, 0.6543)"
    loaded = load_file(written(tmp_path, body, x, c or "uniform(1.1, 1.9)"))

    proof = prove(loaded, shop)

    wrong = [c.detail for c in proof.claims if not c.holds and c.subject.kind != "check"]
    assert wrong == []
    ready = load_file(loaded.path)
    for variant in range(2):
        key = shop.keys.key(ready, part_of(ready), variant)
        assert [case.inputs["x"] for case in key.cases] == [0.6543] * 3


@pytest.mark.parametrize("trouble", TROUBLES)
def test_where_every_draw_does_the_author_reads_which_case_it_is(
    trouble: str, shop: Workshop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(computed, "_MOST_ATTEMPTS", 2)  # as good as forty
    body, bad, c = TROUBLES[trouble]
    loaded = load_file(written(tmp_path, body, bad, c or "uniform(1.1, 1.9)"))

    (claim,) = (c for c in prove(loaded, shop).claims if c.subject.kind == "inputs")

    assert not claim.holds
    assert "case hidden.1: " in claim.detail
    assert "`y`" in claim.detail
    assert "(ex01_one.yaml:" in claim.detail
    assert not (tmp_path / "exercises" / draws.FILE).exists()


def test_a_value_near_zero_may_be_rounded_otherwise_and_not_be_wrong(
    shop: Workshop, tmp_path: Path
) -> None:
    """1.9011 * 3.1 - 5.8933 is 0.00011: in float32, all but two digits of it are noise."""
    body = "y = torch.tensor(x) * 3.1 - 5.89 - c"
    loaded = load_file(written(tmp_path, body, "1.9011", "0.0033"))
    part = part_of(loaded)
    key = shop.keys.of_cases(loaded, part, shop.keys.hidden_cases(loaded, part, 0)[:1])
    (case,) = key.cases

    def outcome(value: float) -> Outcome:
        seen = replace(key.wanted[case.id], observations={"y": Number(value)})
        (verdict,) = judge_runs(part, key, {case.id: seen}, Parsed())
        return verdict.outcome

    wanted = as_array(key.wanted[case.id].observations["y"])
    assert wanted is not None
    assert abs(wanted - 0.00011) > 10 * TOLERANCE * 0.00011
    assert outcome(0.00011) is Outcome.PASS
    assert outcome(0.00018) is outcome(0.0) is Outcome.FAIL


def test_a_check_says_how_many_times_its_tolerance_an_answer_is_off() -> None:
    close = Close(id="c", kind="close", of=("y",), say="y", tolerance=1e-3)
    off = view(run_of(y=2.004), run_of(y=2.0))

    assert close.excesses(off) == {"y": pytest.approx(2)}
    assert close.excesses(replace(off, noise={"y": 1e-4})) == {"y": pytest.approx(0.004 / 0.03)}
    assert close.judge(off).outcome is Outcome.FAIL
    assert close.judge(replace(off, noise={"y": 1e-4})).outcome is Outcome.PASS


def test_where_no_number_says_it_an_answer_is_infinitely_far_off_or_not_at_all() -> None:
    state = State(id="s", kind="state", of=("flag",), say="flag")

    assert state.excesses(view(run_of(flag=True), run_of(flag=False))) == {"flag": math.inf}
    assert state.excesses(view(run_of(flag=True), run_of(flag=True))) == {"flag": 0}


def rounded_by(noise: Noise) -> Noise:
    return {f"steps[0].w.{of}": size for of, size in noise.items()}


def test_a_trace_that_differs_by_rounding_is_the_same() -> None:
    """A gradient near zero: one in ten is noise, and no reason to name a step or a mistake."""
    wanted, seen = [step(1.0, w=(2.0, None, 1e-6))], [step(1.0, w=(2.0, None, 1.1e-6))]
    noise = rounded_by({"after": 1e-7})

    assert steps_distance(seen, wanted) > SAME
    assert first_departure(seen, wanted)
    assert steps_distance(seen, wanted, noise) <= TOLERANCE
    assert first_departure(seen, wanted, noise) == ""


def test_a_gradient_that_differs_by_rounding_is_shown_as_right(ex4: Exercise) -> None:
    case = Drawn("open", hidden=False, dtype="float32", inputs={})
    wanted, seen = (
        Run(Ended.FINISHED, steps=(step(1.0, w=(2.0, None, after)),)) for after in (1e-6, 1.1e-6)
    )

    def rights(noise: Noise) -> list[bool]:
        key = Key((case,), {"open": wanted}, noise={"open": rounded_by(noise)})
        answer = Answer(part_of(ex4), Parsed(), key, {"open": seen})
        (shown,) = exhibits(answer, None)
        return [row.right for row in shown.grads if row.step is not None]

    assert rights({}) == [False]
    assert rights({"after": 1e-7}) == [True]


def test_the_rounding_of_float64_is_told_from_that_of_float32() -> None:
    double, single = (Run(Ended.FINISHED, {"y": Number(value)}) for value in (0.1, 0.1 + 2**-28))

    assert noise(single, double, "float32", "float64") == {"y": pytest.approx(2**-28)}
    assert noise(double, single, "float64", "float32") == {"y": pytest.approx(2**-57)}


# --- recorded once -------------------------------------------------------------------------------


def kinked(folder: Path) -> Exercise:
    body, bad, _ = TROUBLES["relu"]
    return load_file(written(folder, body, f"choice({bad}, 0.6543)"))


def test_what_was_handed_out_stays_what_is_graded(shop: Workshop, tmp_path: Path) -> None:
    loaded = kinked(tmp_path)

    first = settled(loaded, shop).exercise
    again = settled(load_file(loaded.path), shop).exercise

    assert first.draws == again.draws != {}
    assert first.digest == again.digest != loaded.digest
    for variant in range(2):
        (case,) = shop.keys.open_cases(again, part_of(first), variant)
        assert case.inputs["x"] == 0.6543


def test_a_recorded_draw_that_is_good_is_kept_though_it_is_not_the_first(
    shop: Workshop, tmp_path: Path
) -> None:
    loaded = load_file(written(tmp_path, "y = torch.tensor(x) * c * 5", "uniform(2.1, 2.9)"))
    draws.write(loaded.path.parent, "ex1", {"one": {1: 7}})

    ready = settled(load_file(loaded.path), shop)

    assert ready.exercise.draws == {"one": {1: 7}}
    assert ready.unmet == {}


@pytest.mark.parametrize(
    "content", ["", "{", "[]", '{"ex1": {"one": {"2": -1}}}', '{"ex1": {"one": {"two": 1}}}']
)
def test_a_torn_record_is_told_with_what_to_do(content: str, tmp_path: Path) -> None:
    path = written(tmp_path, "y = torch.tensor(x) * c", "1.5")
    (path.parent / draws.FILE).write_text(content)

    with pytest.raises(AuthorError, match=r"draws.json is no record of draws"):
        load_file(path)


def test_draws_that_cannot_be_recorded_are_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")

    with pytest.raises(AuthorError, match="cannot be written"):
        draws.write_all(tmp_path / "file", {"ex1": {"one": {1: 3}}})


def test_where_every_draw_is_the_first_there_is_no_record(tmp_path: Path) -> None:
    draws.write(tmp_path, "ex1", {"one": {1: 3}})
    draws.write(tmp_path, "ex2", {"one": {0: 2}})

    draws.write(tmp_path, "ex1", {})
    assert draws.read(tmp_path) == {"ex2": {"one": {0: 2}}}
    draws.write(tmp_path, "ex2", {})
    assert not (tmp_path / draws.FILE).exists()


def test_words_and_programs_keep_the_values_of_the_variant(tmp_path: Path) -> None:
    loaded = kinked(tmp_path)
    redrawn = replace(loaded, draws={"one": {1: 7}})

    handouts = [render.handout(each, 1, "tiny").python for each in (loaded, redrawn)]

    assert handouts[0] == handouts[1]


def keys_of(shop: Workshop, folder: Path, taken: Taken) -> Keys:
    """Of a machine that has drawn nothing yet."""
    return Keys("tiny", taken.secret, shop.runs, folder, taken)


SECRET = bytes.fromhex(shops.SECRET)


def test_no_machine_takes_another_draw_than_the_recorded_one(
    shop: Workshop, tmp_path: Path
) -> None:
    exercise = load_file(written(tmp_path, "y = torch.tensor(x) * c", "uniform(2.1, 2.9)"))
    part, record = part_of(exercise), tmp_path / ".draws"
    Taken(record, SECRET).keep(exercise, part, 5)
    told = Taken(None, SECRET, Taken(record, SECRET).alone())

    for number, taken in enumerate((Taken(record, SECRET), told)):
        key = keys_of(shop, tmp_path / str(number), taken).key(exercise, part, 0)

        fifth = keys_of(shop, tmp_path, told).hidden_cases(exercise, part, 5)
        assert str([*hidden(key)]) == str([*fifth])


def test_what_is_drawn_is_recorded_beside_the_secret(shop: Workshop, tmp_path: Path) -> None:
    exercise = kinked(tmp_path)
    part, record = part_of(exercise), tmp_path / ".draws"

    keys_of(shop, tmp_path, Taken(record, SECRET)).take(exercise)

    draw = Taken(record, SECRET).find(exercise, part)
    assert draw is not None
    assert draw > 0
    assert SECRET.hex() not in record.read_text()


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[]",
        "[" * 100_000,
        '{"format": 2, "taken": {}}',
        '{"format": 1, "taken": []}',
        '{"format": 1, "taken": {"NAME": []}}',
        '{"format": 1, "taken": {"NAME": {"ex1/one": ["DIGEST"]}}}',
        '{"format": 1, "taken": {"NAME": {"ex1/one": ["DIGEST", -1]}}}',
        '{"format": 1, "taken": {"NAME": {"ex1/one": ["DIGEST", true]}}}',
        '{"format": 1, "taken": {"NAME": {"ex1/one": ["DIGEST", "5"]}}}',
        '{"format": 1, "taken": {"NAME": {"ex1/one": ["of another exercise", 5]}}}',
        '{"format": 1, "taken": {"of another secret": {"ex1/one": ["DIGEST", 5]}}}',
    ],
)
def test_a_record_that_is_torn_or_of_something_else_is_written_anew(
    content: str, shop: Workshop, tmp_path: Path
) -> None:
    exercise = load_file(written(tmp_path, "y = torch.tensor(x) * c", "uniform(2.1, 2.9)"))
    part, record = part_of(exercise), tmp_path / ".draws"
    taken, own = Taken(record, SECRET), settings.fingerprint(SECRET)
    record.write_text(content.replace("NAME", own).replace("DIGEST", exercise.digest))

    keys_of(shop, tmp_path, taken).take(exercise)

    assert taken.find(exercise, part) == 0


def test_a_record_that_cannot_be_written_costs_only_time(shop: Workshop, tmp_path: Path) -> None:
    exercise = load_file(written(tmp_path, "y = torch.tensor(x) * c", "uniform(2.1, 2.9)"))
    record = tmp_path / "file" / ".draws"
    record.parent.write_text("no folder")

    keys_of(shop, tmp_path, Taken(record, SECRET)).take(exercise)


def test_draws_that_an_older_version_kept_are_not_looked_at(shop: Workshop, tmp_path: Path) -> None:
    """It took the first sharp one, fair or not."""
    exercise = kinked(tmp_path)
    part, taken = part_of(exercise), Taken(tmp_path / ".draws", SECRET)
    words = json.dumps([exercise.digest, part.id, SECRET.hex()])
    old = tmp_path / "draws" / digest(Job("run", words))
    write_whole(old, json.dumps({"attempt": 30, "unmet": []}).encode())

    keys_of(shop, tmp_path, taken).take(exercise)

    assert taken.find(exercise, part) != 30


def test_a_release_has_the_draws_and_the_rounding(
    shop: Workshop, sandbox: Sandbox, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    (tmp_path / "course").mkdir()
    kinked(tmp_path / "course")
    course = load_course(tmp_path / "course")
    author = replace(shop, course=course, maker=keys_of(shop, tmp_path, Taken(None, SECRET)))

    releases.made(author, tmp_path / "released")

    student = releases.opened(tmp_path / "released", sandbox, tmp_path_factory)
    ours, theirs = (load_exercise(each.course, "ex1") for each in (author, student))
    assert theirs.draws == ours.draws != {}
    assert theirs.digest == ours.digest
    for variant in range(2):
        here, there = (
            each.maker.key(exercise, part_of(exercise), variant)
            for each, exercise in ((student, theirs), (author, ours))
        )
        (case,) = here.cases
        assert case.inputs["x"] == 0.6543
        assert here.noise[case.id] == there.noise[case.id]


def test_who_is_sent_work_takes_the_draws_of_who_sends_it(
    shop: Workshop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    exercise = load_file(written(tmp_path, "y = torch.tensor(x) * c", "uniform(2.1, 2.9)"))
    part = part_of(exercise)
    Taken(tmp_path / ".draws", SECRET).keep(exercise, part, 5)
    monkeypatch.setenv("GRADE_SECRET", SECRET.hex())
    drawn = Taken(tmp_path / ".draws", SECRET).alone()

    with workshop.opened(load_course(tmp_path), isolation="none", drawn=drawn) as worker:
        key = worker.keys.key(exercise, part, 0)

    fifth = keys_of(shop, tmp_path, Taken(None, SECRET)).hidden_cases(exercise, part, 5)
    assert str([*hidden(key)]) == str([*fifth])


def test_the_courses_own_record_is_read(tmp_path: Path) -> None:
    loaded = kinked(tmp_path)
    draws.write(loaded.path.parent, "ex1", {"one": {1: 3}})

    exercise = load_exercise(load_course(tmp_path), "ex1")

    assert exercise.draws == {"one": {1: 3}}
