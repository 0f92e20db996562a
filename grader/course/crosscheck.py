"""What a schema cannot say of an exercise's YAML: names that must lead somewhere."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from grader.checks.check import Check
from grader.course.document import Data, Document, Keys, Problem, children
from grader.course.parts.part import AnyPart, Case, unreadable
from grader.course.places import places
from grader.course.variants import case_ids
from grader.inputs.expressions import Expression, ExpressionError, draw
from grader.model import Value

_WORDS = frozenset({"title", "instructions", "task", "program", "say", "hints"})


@dataclass(frozen=True, slots=True)
class Draft:
    """An exercise as far as it could be read: parts with an error of their own are left out."""

    document: Document
    variant: Mapping[str, Expression]
    parts: Mapping[int, AnyPart]

    def at_key(self, keys: Keys, says: str) -> Problem:
        return Problem(keys, says, self.document.keys.get(keys))


def problems(draft: Draft) -> Iterator[Problem]:
    """Every name of the YAML that leads nowhere, and every expression that cannot be drawn."""
    yield from _drawn(("variant",), draft.variant, {})
    yield from _words(draft, draft.document.data, ())
    yield from _twice(draft)
    for number, part in draft.parts.items():
        keys: Keys = ("parts", number)
        yield from _checks(part, keys)
        yield from _same_as(part, keys)
        yield from _cases(draft, part, keys)
        yield from _watched(part, keys)
        yield from part.problems(keys, draft.variant, draft.at_key)


def _words(draft: Draft, data: Data, keys: Keys) -> Iterator[Problem]:
    if isinstance(data, str) and _WORDS & set(keys[-2:]):
        for code in places(data):
            yield from unreadable(keys, code, draft.variant)
    for key, value in children(data).items():
        yield from _words(draft, value, (*keys, key))


def _drawn(
    keys: Keys, expressions: Mapping[str, Expression], values: Mapping[str, Value]
) -> Iterator[Problem]:
    """Draw for real, once: only then a wrong shape or a division by zero is seen."""
    drawn = dict(values)
    rng = np.random.RandomState(0)
    for name, expression in expressions.items():
        try:
            drawn |= draw({name: expression}, drawn, rng)
        except ExpressionError as error:
            yield Problem((*keys, name), str(error))
            return


def _twice(draft: Draft) -> Iterator[Problem]:
    """Ids of parts, cases and checks, and names that share the starter's file, stand once."""
    parts = draft.parts.items()
    yield from _repeated((("parts", n, "id"), part.id) for n, part in parts)
    yield from _repeated(
        (("parts", n, "todo", name), name) for n, part in parts for name in part.todo
    )
    for n, part in parts:
        ids = ((("parts", n, "checks", i, "id"), each.id) for i, each in enumerate(part.checks))
        yield from _repeated(ids)
        cases = enumerate(part.cases)
        yield from _repeated((("parts", n, "cases", i, "id"), case.id) for i, case in cases)


def _repeated(named: Iterable[tuple[Keys, str]]) -> Iterator[Problem]:
    seen = set[str]()
    for keys, name in named:
        if name in seen:
            yield Problem(keys, f"found {name!r} again; a name stands once")
        seen.add(name)


# --- checks and mistakes -------------------------------------------------------------------------


def _checks(part: AnyPart, keys: Keys) -> Iterator[Problem]:
    earlier: list[str] = []
    for number, each in enumerate(part.checks):
        at = (*keys, "checks", number)
        if each.needs is not None and each.needs not in earlier:
            allowed = ", ".join(earlier) or "none, it is the first"
            yield Problem((*at, "needs"), f"no earlier check {each.needs!r}; allowed: {allowed}")
        earlier.append(each.id)
        yield from _known((*at, "cases"), each.cases or (), _case_names(part))
        yield from _check(part, each, at)


def _check(part: AnyPart, each: Check, keys: Keys) -> Iterator[Problem]:
    if part.predicts != each.predicts:
        allowed = "only `answers`" if part.predicts else "every kind but `answers`"
        yield Problem((*keys, "kind"), f"does not fit; allowed in a {part.kind} part: {allowed}")
    elif part.predicts:
        yield from _known((*keys, "of"), each.asked(part.asks), tuple(part.asks))
    else:
        yield from _run_check(part, each, keys)


def _run_check(part: AnyPart, each: Check, keys: Keys) -> Iterator[Problem]:
    names = _input_names(part)
    for field, named in each.named_inputs.items():
        yield from _known((*keys, field), named, names)
    for field, expression in each.expressions.items():
        yield from unreadable((*keys, field), expression, names)
    if "steps" in each.wants and not part.watch.steps:
        yield Problem(keys, "nothing watches `steps`; add `watch: {steps: …}`")
    if "autograd" in each.wants and not part.watch.autograd:
        yield Problem(keys, "nothing watches autograd; add `watch: {autograd: true}`")
    if part.observed:
        roots = (path.split(".")[0] for path in each.watched)
        watched = [root for root in roots if root != "autograd"]
        yield from _known((*keys, "of"), watched, part.observed)


def _same_as(part: AnyPart, keys: Keys) -> Iterator[Problem]:
    """Mistakes that cannot be told apart list each other."""
    for id_, mistake in part.mistakes.items():
        at = (*keys, "mistakes", id_, "same_as")
        yield from _known(at, mistake.same_as, tuple(part.mistakes))
        for other in mistake.same_as:
            if other == id_ or (other in part.mistakes and id_ not in part.mistakes[other].same_as):
                yield Problem(at, f"{other!r} does not list {id_!r} in its own `same_as`")


def _known(keys: Keys, names: Iterable[str], known: tuple[str, ...]) -> Iterator[Problem]:
    for number, name in enumerate(names):
        if name not in known:
            allowed = ", ".join(known) or "none"
            yield Problem((*keys, number), f"no {name!r} here; allowed: {allowed}")


# --- cases and their inputs ----------------------------------------------------------------------


def _case_names(part: AnyPart) -> tuple[str, ...]:
    """An ask is judged as a case is."""
    own = [*part.asks, *(case.id for case in part.cases)]
    return tuple(dict.fromkeys([*own, *(id_ for case in part.cases for id_ in case_ids(case))]))


def _input_names(part: AnyPart) -> tuple[str, ...]:
    """Names that every case has."""
    return tuple(part.inputs) + tuple(
        name
        for name in part.cases[0].inputs
        if name not in part.inputs and all(name in case.inputs for case in part.cases)
    )


def _cases(draft: Draft, part: AnyPart, keys: Keys) -> Iterator[Problem]:
    values = _values(draft)
    for number, case in enumerate(part.cases):
        found = list(_case(draft, part, number, keys))
        yield from found
        if not found and values is not None:
            merged = {**part.inputs, **case.inputs}
            for problem in _drawn((), merged, values if case.open else {}):
                (name,) = problem.keys
                yield Problem(_home(keys, number, case, str(name)), problem.says)


def _case(draft: Draft, part: AnyPart, number: int, keys: Keys) -> Iterator[Problem]:
    """Check in order: each input may use those before it, an open one also the variant's names."""
    case = part.cases[number]
    known = list(draft.variant) if case.open else []
    for name, expression in {**part.inputs, **case.inputs}.items():
        for problem in unreadable(_home(keys, number, case, name), expression, known):
            secret = "" if case.open else f" (case {case.id!r} is hidden: no variant names)"
            yield Problem(problem.keys, problem.says + secret)
        known.append(name)


def _home(keys: Keys, number: int, case: Case, name: str) -> Keys:
    """Where the expression of an input stands: in the case, or among the part's defaults."""
    return (
        (*keys, "cases", number, "inputs", name) if name in case.inputs else (*keys, "inputs", name)
    )


def _values(draft: Draft) -> dict[str, Value] | None:
    try:
        return draw(draft.variant, {}, np.random.RandomState(0))
    except ExpressionError:
        return None  # told at the variant itself


def _watched(part: AnyPart, keys: Keys) -> Iterator[Problem]:
    for leaf, name in part.watch.steps.items():
        names = _input_names(part)
        if name not in names:
            allowed = ", ".join(names) or "none"
            yield Problem(
                (*keys, "watch", "steps", leaf),
                f"no input {name!r} in every case; allowed: {allowed}",
            )
