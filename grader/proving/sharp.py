"""Each check catches something, and no wrong answer is right by accident."""

from collections.abc import Iterator, Sequence

from grader.checks.check import Check, find
from grader.course.document import parse, read
from grader.course.places import as_python
from grader.course.variants import case_ids
from grader.judging.coincide import mutants, with_value
from grader.judging.keys import Drawn, Unmet
from grader.model import Array, Outcome, Parsed, Run, as_array
from grader.proving.bench import Bench
from grader.proving.claims import Claim, Subject


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
    for case in bench.key.cases:
        wanted = bench.key.wanted[case.id]
        for path in check.numeric if case.hidden and check.covers(case.id) else ():
            for name, wrong in _wrong_values(bench, path, case):
                seen = with_value(wanted, path, wrong)
                if seen is not None:
                    found = check.judge(bench.key.view(case, seen, Parsed()))
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
    keys, exercise, part = bench.shop.keys, bench.exercise, bench.part
    if bench.key.unmet:
        drawn = [keys.hidden_cases(exercise, part, draw) for draw in (0, 1)]
        return subject.claim(_told(bench, bench.key.unmet[0], drawn))
    for variant, lacks in bench.unmet.items():
        drawn = [keys.open_cases(exercise, part, variant, draw) for draw in (0, 1)]
        return subject.claim(f"variant {variant}, open {_told(bench, lacks, drawn)}")
    return subject.claim("", "right styles agree, and no wrong answer is right by accident")


def _told(bench: Bench, lacks: Unmet, drawn: Sequence[Sequence[Drawn]]) -> str:
    """What is wrong with which case, where it stands, and which inputs may be changed."""
    names = [
        name
        for one, other in zip(*drawn, strict=True)
        for name in one.inputs
        if one.id == lacks.case and as_python(one.inputs[name]) != as_python(other.inputs[name])
    ]
    if not lacks.case:
        return lacks.words
    what = f"how {', '.join(f'`{name}`' for name in names)} are drawn" if names else "its inputs"
    return f"{lacks}, in whatever draw ({_place(bench, lacks.case)}): change {what}"


def _place(bench: Bench, case_id: str) -> str:
    """File and line of a case."""
    path, part = bench.exercise.path, bench.part
    number = next(n for n, case in enumerate(part.cases) if case_id in case_ids(case))
    keys = ("parts", bench.exercise.parts.index(part), "cases", number)
    line, _ = parse(read(path), str(path)).values[keys]
    return f"{path.name}:{line}"
