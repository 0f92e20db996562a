"""What `grade check` finds right, and what it finds in exercises that were broken on purpose."""

from pathlib import Path

import pytest

from grader.course.loading import load_course, load_file
from grader.judging.keys import computed
from grader.judging.workshop import Workshop
from grader.proving.claims import Proof, subjects
from grader.proving.prove import prove
from grader.sandbox.client import Sandbox
from tests import shops

COURSES = (shops.ROOT, shops.ROOT / "tests" / "small_course")

YAML = """\
format: 1
id: ex1
title: A cubic
instructions: |
  Nothing but $x^3$.

  ```python
  print(2**3)
  ```
  ```text
  8
  ```
variants: 2
variant: {x0: "choice(1.5, 2.5)"}
parts:
  - id: look
    kind: predict
    title: Look
    program: |
      import torch
      x = torch.tensor([[x0]], requires_grad=True)
      y = x**3
      y.backward()
      #? seen = x.grad
    todo: {seen: {say: The gradient.}}
    checks:
      - {id: seen, kind: answers, say: The gradient is right.}
    mistakes:
      value: {say: That is the value., expects: {seen: "x0**3"}}
  - id: cubic
    kind: code
    title: By hand
    inputs: {x: "uniform(0.6, 1.9)"}
    cases:
      - {id: shown, open: true, inputs: {x: x0}}
      - {id: one}
      - {id: two}
    todo:
      value: {say: Compute the value., start: "value = 0.0"}
      slope: {say: Compute the slope., start: "slope = 0.0"}
    checks:
      - {id: value, kind: close, of: [value], cases: [one], say: The value is right.}
      - {id: slope, kind: close, of: [slope], say: The slope is right.}
    accept:
      product: {slope: "slope = 3 * x * x"}
    mistakes:
      squared: {say: That is the square., code: {value: "value = x**2"}}
      factor: {say: The 3 is lost., code: {slope: "slope = x**2"}}
"""

SOLUTION = '''\
"""A cubic.

canary: 00112233445566778899aabbccddeeff
"""

# <cubic>


def cubic(x: float) -> tuple[float, float]:
    # <value>
    value = x**3
    # </value>
    # <slope>
    slope = 3 * x**2
    # </slope>
    return value, slope


# </cubic>


# <drive>
def drive(x: float) -> dict[str, object]:
    value, slope = cubic(x)
    return {"value": value, "slope": slope}


# </drive>
'''


@pytest.fixture(scope="module")
def shop(sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    return shops.shop(shops.ROOT, sandbox, tmp_path_factory)


@pytest.fixture
def _few_attempts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no draw can help, two are as good as forty."""
    monkeypatch.setattr(computed, "_MOST_ATTEMPTS", 2)


def proved(folder: Path, shop: Workshop, *changes: tuple[str, str]) -> Proof:
    """The proof of the cubic with some pieces of its YAML exchanged."""
    text = YAML
    for old, new in changes:
        assert text.count(old) == 1
        text = text.replace(old, new)
    for name in ("exercises", "solutions"):
        (folder / name).mkdir()
    (folder / "solutions" / "ex01_cubic.py").write_text(SOLUTION)
    path = folder / "exercises" / "ex01_cubic.yaml"
    path.write_text(text)
    return prove(load_file(path), shop)


def broken(proof: Proof) -> dict[str, str]:
    """Subject → what is wrong with it."""
    return {" ".join(c.subject.words): c.detail for c in proof.claims if not c.holds}


EVERY = [
    pytest.param(course, id_, id=id_) for course in COURSES for id_ in load_course(course).paths
]


@pytest.mark.parametrize(("course", "exercise"), EVERY)
def test_the_courses_hold(
    course: Path, exercise: str, sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory
) -> None:
    shop = shops.shop(course, sandbox, tmp_path_factory)
    loaded = shops.exercise(shop, exercise, tmp_path_factory)

    proof = prove(loaded, shop)

    assert broken(proof) == {}
    assert tuple(claim.subject for claim in proof.claims) == subjects(loaded)


class TestCubic:
    def test_it_holds(self, tmp_path: Path, shop: Workshop) -> None:
        proof = proved(tmp_path, shop)

        assert broken(proof) == {}
        assert proof.strengths["cubic"].kills == {"squared": ("value",), "factor": ("slope",)}
        assert proof.strengths["cubic"].classes == ()
        assert proof.strengths["cubic"].margin > 100

    @pytest.mark.usefixtures("_few_attempts")
    def test_a_mistake_that_survives(self, tmp_path: Path, shop: Workshop) -> None:
        check = "      - {id: value, kind: close, of: [value], cases: [one], "
        proof = proved(tmp_path, shop, (check + "say: The value is right.}\n", ""))

        found = broken(proof)

        assert "passes every check in the hidden cases" in found["cubic mistake squared"]
        assert found["cubic inputs"] == "mistake `squared` passes every check"

    @pytest.mark.usefixtures("_few_attempts")
    def test_a_check_sees_only_its_own_cases(self, tmp_path: Path, shop: Workshop) -> None:
        """`squared` is wrong in the hidden cases, but there nobody looks."""
        proof = proved(tmp_path, shop, ("cases: [one]", "cases: [shown]"))

        found = broken(proof)

        assert "passes every check" in found["cubic mistake squared"]
        assert "vacuous" in found["cubic check value"]

    @pytest.mark.usefixtures("_few_attempts")
    def test_inputs_on_which_derivatives_agree(self, tmp_path: Path, shop: Workshop) -> None:
        """At x = 2, first and second derivative of x**3 are both 12."""
        proof = proved(tmp_path, shop, ("uniform(0.6, 1.9)", "2.0"))

        words = "case one: `slope` would be the same if it were its own derivative by `x`"
        assert broken(proof)["cubic inputs"].startswith(words)

    def test_open_inputs_on_which_derivatives_agree(self, tmp_path: Path, shop: Workshop) -> None:
        proof = proved(tmp_path, shop, ("choice(1.5, 2.5)", "choice(2.0)"))

        found = broken(proof)

        assert found.keys() == {"cubic inputs"}
        assert "variant 0, open case shown: `slope` would be the same" in found["cubic inputs"]

    def test_a_vacuous_check(self, tmp_path: Path, shop: Workshop) -> None:
        vacuous = "      - {id: small, kind: bounded, of: value, most: 1000, say: Not huge.}\n"
        proof = proved(tmp_path, shop, ("    accept:\n", f"{vacuous}    accept:\n"))

        assert broken(proof) == {
            "cubic check small": "is vacuous: no mistake and no automatic mutant fails it"
        }

    def test_an_accepted_variant_that_is_wrong(self, tmp_path: Path, shop: Workshop) -> None:
        proof = proved(tmp_path, shop, ("slope = 3 * x * x", "slope = 3 * x"))

        found = broken(proof)

        assert found.keys() == {"cubic accept product", "cubic inputs", "cubic margin"}
        assert "do not agree on `slope`: as `product` has it" in found["cubic inputs"]
        assert found["cubic accept product"].startswith("fails check `slope`: `slope` ")
        assert "a right style is nearly as far as a mistake" in found["cubic margin"]

    def test_two_mistakes_that_are_one(self, tmp_path: Path, shop: Workshop) -> None:
        twin = '      twin: {say: Again., code: {slope: "slope = x * x"}}\n'
        proof = proved(tmp_path, shop, ("      factor:", f"{twin}      factor:"))

        words = "looks the same as {}: list it under same_as, or give a tell"
        assert broken(proof) == {
            "cubic mistake twin": words.format("factor"),
            "cubic mistake factor": words.format("twin"),
        }

    def test_mistakes_that_are_said_to_be_one(self, tmp_path: Path, shop: Workshop) -> None:
        twin = 'twin: {say: Again., same_as: [factor], code: {slope: "slope = x * x"}}'
        said = "{say: The 3 is lost., same_as: [twin], code:"
        proof = proved(
            tmp_path,
            shop,
            ("      factor:", f"      {twin}\n      factor:"),
            ("{say: The 3 is lost., code:", said),
        )

        (alike,) = proof.strengths["cubic"].classes
        assert broken(proof) == {}
        assert (alike.names, alike.by_source) == (("twin", "factor"), ())

    def test_mistakes_that_are_said_to_be_one_and_are_not(
        self, tmp_path: Path, shop: Workshop
    ) -> None:
        proof = proved(
            tmp_path,
            shop,
            ("{say: The 3 is lost., code:", "{say: The 3 is lost., same_as: [squared], code:"),
            ("{say: That is the square., code:", "{say: Square., same_as: [factor], code:"),
        )

        assert broken(proof) == {
            "cubic mistake factor": "same_as: squared can be told from it",
            "cubic mistake squared": "same_as: factor can be told from it",
        }

    def test_a_block_that_prints_something_else(self, tmp_path: Path, shop: Workshop) -> None:
        proof = proved(tmp_path, shop, ("\n  8\n", "\n  9\n"))

        words = "the block that begins 'print(2**3)' prints '8', not '9'"
        assert broken(proof) == {"prose": words}

    def test_a_starter_that_gives_the_answer_away(self, tmp_path: Path, shop: Workshop) -> None:
        proof = proved(tmp_path, shop, ("slope = 0.0", "slope = 3 * x**2"))

        assert broken(proof)["starter leaks"] == "variant 0 gives away: code of <slope>"

    def test_a_belief_that_is_right(self, tmp_path: Path, shop: Workshop) -> None:
        proof = proved(tmp_path, shop, ('"x0**3"', '"3 * x0**2"'))

        assert broken(proof) == {"look belief value": "variant 0: 'seen' is right by accident"}

    def test_an_ask_that_nobody_gets_wrong(self, tmp_path: Path, shop: Workshop) -> None:
        belief = '      value: {say: That is the value., expects: {seen: "x0**3"}}'
        proof = proved(tmp_path, shop, (f"    mistakes:\n{belief}\n", ""))

        assert broken(proof) == {"look check seen": "no belief is wrong about 'seen'"}

    def test_a_program_that_does_not_run(self, tmp_path: Path, shop: Workshop) -> None:
        """What rests on it is not judged apart."""
        proof = proved(tmp_path, shop, ("y = x**3", "y = z**3"))

        words = "the program does not run for variant 0"
        subjects = ("look reference", "look belief value", "look check seen")
        assert broken(proof) == dict.fromkeys(subjects, words)
