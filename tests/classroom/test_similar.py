"""Who shares what: planted copies are found, and what is common to all says nothing."""

from pathlib import Path

import pytest

from grader.classroom.similar.compare import compared
from grader.classroom.similar.exercise import handed
from grader.classroom.similar.work import Comparison, Handed, Work
from grader.course.loading import load_course, load_exercise
from grader.errors import StudentError
from tests.samples_similar import PARTIAL, STARTER, MadeClass, author, made_class, works
from tests.samples_similar_copies import COPIES

ROOT = Path(__file__).parents[2]
HANDED = Handed("ex4", "A training loop", (STARTER,))
ODD = """
def fit(X, y, w0, b0, lr, steps):
    stack = [(w0, b0)]
    while len(stack) <= steps:
        slope, height = map(torch.as_tensor, stack[-1])
        grads = torch.func.grad(lambda s, h: ((s * X + h - y) ** 2).mean(), argnums=(0, 1))
        ds, dh = grads(slope, height)
        stack.append((slope - lr * ds, height - lr * dh))
    return (*stack[-1], [])
"""


def listed(found: Comparison) -> set[frozenset[str]]:
    return {frozenset((pair.left.who, pair.right.who)) for pair in found.pairs}


def honest(count: int, seed: str = "honest") -> dict[str, str]:
    return {f"s{n}": author(f"{seed} {n}").file() for n in range(count)}


@pytest.fixture(scope="module")
def made() -> MadeClass:
    return made_class(honest=340, copies=6, seed=3)


@pytest.fixture(scope="module")
def found(made: MadeClass) -> Comparison:
    return compared(works(made.files), HANDED)


def test_nearly_all_that_is_listed_was_copied(made: MadeClass, found: Comparison) -> None:
    """400 students: 79 800 pairs, of which 60 were planted."""
    wrong = listed(found) - set(made.planted)

    assert len(wrong) <= 2


@pytest.mark.parametrize(
    ("kind", "floor"),
    [(kind, {"helpers": 3, "disguised": 3}.get(kind, 5)) for kind in COPIES] + [(PARTIAL, 0)],
)
def test_most_copies_are_listed(made: MadeClass, found: Comparison, kind: str, floor: int) -> None:
    """Of six of each kind; half of a training loop is too little to surprise anybody."""
    hits = [pair in listed(found) for pair, how in made.planted.items() if how == kind]

    assert len(hits) == 6
    assert sum(hits) >= floor


def test_four_copies_of_one_are_all_found() -> None:
    files = honest(60) | dict.fromkeys(("a", "b", "c", "d"), STARTER + ODD)

    found = compared(works(files), HANDED)

    assert {frozenset(two) for two in ("ab", "ac", "ad", "bc", "bd", "cd")} <= listed(found)


def test_what_everybody_writes_says_nothing() -> None:
    """The obvious answer, ten times among forty: as alike as can be, and not listed."""
    files = honest(30) | {f"plain{n}": plain(n) for n in range(10)}

    found = compared(works(files), HANDED)

    assert not {pair for pair in listed(found) if all(who.startswith("plain") for who in pair)}


def plain(number: int) -> str:
    lines = ("y_pred = w * X + b", "loss = ((y_pred - y) ** 2).mean()", "loss.backward()")
    return STARTER.replace(
        "        ...\n", "        " + "\n        ".join(lines[: 1 + number % 3]), 1
    )


def test_the_starter_does_not_count() -> None:
    """Two blank starters share all they have, which is nothing of their own."""
    files = {"a": STARTER, "b": STARTER, **honest(20)}

    found = compared(works(files), HANDED, least=0.0)

    assert found.students == 22
    assert found.compared == 20
    assert not {who for pair in listed(found) for who in pair} & {"a", "b"}


def test_without_its_starter_the_same_class_is_another() -> None:
    files = {"a": STARTER, "b": STARTER, **honest(20)}

    found = compared(works(files), Handed("ex4"), least=0.0)

    assert found.compared == 22


def test_attempts_of_one_student_are_no_pair_and_do_not_make_code_common() -> None:
    own = [work("a", f"{STARTER}{ODD}# {n}\n", f"a/{n}.py") for n in range(12)]
    copied = work("b", STARTER + ODD, "b/ex4.py")

    found = compared([*own, copied, *works(honest(40))], HANDED)

    assert {pair for pair in listed(found) if pair & {"a", "b"}} == {frozenset("ab")}
    assert sum("a" in pair.left.students + pair.right.students for pair in found.pairs) == 1


def test_a_group_is_not_compared_with_itself() -> None:
    pair = [work("a", STARTER + ODD, "a.py", "red"), work("b", STARTER + ODD, "b.py", "red")]

    assert frozenset(["group red"]) not in listed(compared([*pair, *works(honest(40))], HANDED))


def test_people_in_two_groups_are_not_compared_with_themselves() -> None:
    alone = work("a", STARTER + ODD, "a.py")
    both = Work(("a", "b"), "ex4.py", "ab.py", lambda: STARTER + ODD)

    assert not compared([alone, both, *works(honest(20))], HANDED, least=50).pairs


def test_one_file_that_cannot_be_read_stops_nothing() -> None:
    def torn() -> str:
        raise StudentError("x/ex4.py is not UTF-8 text")

    bad = Work(("x",), "ex4.py", "x/ex4.py", torn)

    found = compared([bad, *works({"a": ODD, "b": ODD, **honest(40)})], HANDED)

    assert frozenset("ab") in listed(found)
    assert found.unread == ((bad, "x/ex4.py is not UTF-8 text"),)


def test_known_answers_make_a_small_class_judge_better() -> None:
    """An answer that the author expects says little, even if only two of four have it."""
    known = handed(load_exercise(load_course(ROOT), "ex4"), "course")
    files = {"a": known.known[3], "b": known.known[3], **honest(2)}

    told = compared(works(files), known, least=0.0).pairs[0].surprise
    blind = compared(works(files), Handed("ex4", "", known.starters), least=0.0).pairs[0].surprise

    assert told < blind


def test_every_exercise_has_starters_and_known_answers() -> None:
    course = load_course(ROOT)

    for id_ in course.paths:
        exercise = load_exercise(course, id_)
        known = handed(exercise, course.id)
        assert known.starters
        assert known.known[0] == exercise.solution.text


@pytest.mark.parametrize(
    "text", ["", "x", "\x00", "(" * 200_000, "\ud800 = '''\n" * 5_000], ids=len
)
def test_equal_files_of_any_kind_are_borne(text: str) -> None:
    found = compared(works(dict.fromkeys("abcd", text)), HANDED)

    assert found.works == 4


def work(who: str, text: str, origin: str, group: str = "") -> Work:
    return Work((who,), "ex4.py", origin, lambda: text, group)


def test_the_order_of_files_changes_nothing(made: MadeClass) -> None:
    files = dict(list(made.files.items())[-80:])
    turned = dict(reversed(files.items()))

    one, other = (compared(works(each), HANDED, least=5.0) for each in (files, turned))

    assert listed(one) == listed(other)
