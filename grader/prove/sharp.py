"""Each check catches something, and no wrong answer is right by accident."""

from collections.abc import Iterator

from grader.checks.check import Check, View, find
from grader.checks.close import Close
from grader.coincide import mutants, with_value
from grader.keys import Drawn
from grader.model import Array, Outcome, Parsed, Run, as_array
from grader.prove.bench import Bench
from grader.prove.claims import Claim, Subject


def check(bench: Bench, subject: Subject) -> Claim:
    """A check that nothing wrong fails checks nothing."""
    (looked_at,) = (check for check in bench.part.checks if check.id == subject.name)
    killed = [name for name, ids in bench.kills.items() if subject.name in ids]
    automatic = list(_automatic(bench, looked_at))
    missed = [name for name, dead in automatic if not dead]
    if missed:
        return subject.claim(f"does not notice {missed[0]}")
    if not killed and not automatic:
        return subject.claim("is vacuous: no mistake and no automatic mutant fails it")
    mutated = f", {len(automatic)} automatic mutants" if automatic else ""
    return subject.claim("", f"catches {len(killed)} mistakes{mutated}")


def _automatic(bench: Bench, check: Check) -> Iterator[tuple[str, bool]]:
    """Automatic mutants of what the check watches: a name, and whether they fail it."""
    for case in bench.key.cases if isinstance(check, Close) else ():
        wanted = bench.key.wanted[case.id]
        for path in check.watched if case.hidden and check.covers(case.id) else ():
            for name, wrong in _wrong_values(bench, path, case):
                seen = with_value(wanted, path, wrong)
                if seen is not None:
                    found = check.judge(View(seen, wanted, case.inputs, Parsed()))
                    yield f"`{path}` {name} (case {case.id})", found.outcome is Outcome.FAIL


def _wrong_values(bench: Bench, path: str, case: Drawn) -> Iterator[tuple[str, Array]]:
    want = _value(bench.key.wanted[case.id], path)
    if want is None or want.dtype.kind == "b" or not want.any():
        return
    yield from ((name, value) for name, value in mutants(want) if (value != want).any())
    for other in bench.key.cases:
        value = None if other.hidden else _value(bench.key.wanted[other.id], path)
        if value is not None and value.shape == want.shape:
            yield f"as in the open case {other.id}", value.astype(float)


def _value(run: Run, path: str) -> Array | None:
    seen = find(run, path)
    return None if seen is None else as_array(seen)


def inputs(bench: Bench, subject: Subject) -> Claim:
    """In hidden cases, and in any variant's open ones."""
    if bench.key.unmet:
        return subject.claim(bench.key.unmet[0])
    keys, exercise, part = bench.shop.keys, bench.exercise, bench.part
    for variant in range(exercise.file.variants):
        cases = keys.open_cases(exercise, part, variant)
        wanted = keys.wanted(exercise, part, cases)
        for case in cases:
            found = keys.coincidences(exercise, part, case, wanted[case.id])
            if found:
                return subject.claim(f"variant {variant}, open case {case.id}: {found[0]}")
    return subject.claim("", "no wrong answer is right by accident")
