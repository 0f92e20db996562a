"""Exercise → Proof: that right answers pass, wrong ones do not, and each is told what it is.

Every claim has the form "subject: what was shown"; a claim that fails says what to change.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from grader import render, variants
from grader.checks.answers import Answers, right
from grader.checks.check import Check, View, find
from grader.checks.close import Close
from grader.coincide import mutants, with_value
from grader.compare import distance
from grader.diagnose import believed, diagnose_answers, diagnose_runs
from grader.format import Exercise, PredictPart, RunPart
from grader.judge import judge_answers, judge_runs
from grader.keys import Drawn, Key, Model, case_jobs, caught
from grader.leaks import leaks
from grader.model import (
    Array,
    Cell,
    CheckVerdict,
    Ended,
    Inputs,
    Outcome,
    Parsed,
    Run,
    as_array,
)
from grader.pipeline import outline
from grader.prose import stale_blocks
from grader.sandbox.harness import predict_job
from grader.sandbox.jobs import Code, parse_job
from grader.workshop import Workshop

DRAWS = 20
_ENOUGH_MARGIN = 100.0
_NOISE = 1e-6  # what float32 leaves between right styles
_BUDGET = 0.2  # of the wall limit


@dataclass(frozen=True, slots=True)
class Claim:
    """One obligation of one subject.  `detail` says what was measured, or what is wrong."""

    part: str
    kind: str  # reference, starter, accept, mistake, check, inputs, margin, prose, time, belief
    name: str
    holds: bool
    detail: str


@dataclass(frozen=True, slots=True)
class Proof:
    exercise: str
    claims: tuple[Claim, ...]
    kills: Mapping[str, Mapping[str, tuple[str, ...]]]  # part → mistake → ids of checks it fails
    margins: Mapping[str, float]  # part → nearest mistake / farthest accepted variant

    @property
    def holds(self) -> bool:
        return all(claim.holds for claim in self.claims)


def prove(exercise: Exercise, shop: Workshop) -> Proof:
    """Run everything that the exercise claims."""
    claims = list(_starter(exercise, shop)) + list(_prose(exercise, shop))
    kills: dict[str, Mapping[str, tuple[str, ...]]] = {}
    margins: dict[str, float] = {}
    for part in exercise.parts:
        if isinstance(part, PredictPart):
            claims += _predict(exercise, part, shop)
        else:
            bench = _Bench(exercise, part, shop)
            claims += bench.claims()
            kills[part.id], margins[part.id] = bench.kills, bench.margin
    return Proof(exercise.id, tuple(claims), kills, margins)


# --- the file as a whole -------------------------------------------------------------------------


def _starter(exercise: Exercise, shop: Workshop) -> Iterator[Claim]:
    """The blank starter is not attempted, and no handout gives anything away."""
    for variant in range(exercise.file.variants):
        handout = render.handout(exercise, variant, shop.course.id)
        given_away = leaks(exercise, handout.python)
        if given_away:
            yield Claim("", "starter", f"variant {variant}", False, f"gives away: {given_away[0]}")
            return
    handout = render.handout(exercise, 0, shop.course.id)
    code = Code((Cell(f"{exercise.id}.py", handout.python),))
    (parsed,) = shop.runs.parse([parse_job(code, outline(handout))])
    filled = [hole for hole, blank in parsed.blank.items() if not blank]
    wrong = "the starter is not valid Python" if parsed.fault else ""
    wrong = wrong or (f"counts as filled in: {', '.join(filled)}" if filled else "")
    yield Claim("", "starter", "blank", not wrong, wrong or "not attempted, no leak")


def _prose(exercise: Exercise, shop: Workshop) -> Iterator[Claim]:
    stale = stale_blocks(exercise, shop.runs, shop.course.id)
    if stale is None:
        return
    yield Claim("", "prose", "code blocks", not stale, stale or "run, and print what they say")


# --- predictions ---------------------------------------------------------------------------------


def _predict(exercise: Exercise, part: PredictPart, shop: Workshop) -> Iterator[Claim]:
    """For every variant the program runs, and each belief is wrong and unlike the others."""
    numbers = range(exercise.file.variants)
    every = [variants.variant_values(exercise, n, shop.course.id) for n in numbers]
    jobs = [predict_job(part, render.program_text(part, values)) for values in every]
    keys = shop.runs.run(jobs)
    bad = [n for n, key in zip(numbers, keys, strict=True) if key.ended is not Ended.FINISHED]
    yield Claim(
        part.id,
        "reference",
        "program",
        not bad,
        f"does not run for variant {bad[0]}" if bad else f"runs for {len(keys)} variants",
    )
    if bad:
        return
    for name, belief in part.mistakes.items():
        yield _belief(part, name, every, keys)
        del belief
    believed = {ask for belief in part.mistakes.values() for ask in belief.expects}
    for check in part.checks:
        if isinstance(check, Answers):
            alone = [ask for ask in check.of or tuple(part.asks) if ask not in believed]
            words = (
                f"no belief is wrong about {alone[0]!r}" if alone else "every ask is missed by one"
            )
            yield Claim(part.id, "check", check.id, not alone, words)


def _belief(part: PredictPart, name: str, every: Sequence[Inputs], keys: Sequence[Run]) -> Claim:
    """It fails a check and is told by its name, whatever the variant."""
    for number, (values, key) in enumerate(zip(every, keys, strict=True)):
        answers = believed(part.mistakes[name], key, values)
        held = {ask: answers.get(ask, want) for ask, want in key.observations.items()}
        parsed = Parsed(answers=held)
        same = [ask for ask, got in answers.items() if right(got, key.observations[ask])]
        where = f"variant {number}: "
        if same:
            return Claim(part.id, "belief", name, False, f"{where}{same[0]!r} is right by accident")
        if all(v.outcome is Outcome.PASS for v in judge_answers(part, key, parsed)):
            return Claim(part.id, "belief", name, False, f"{where}it passes every check")
        told = diagnose_answers(part, key, parsed, values)
        if told is None or told.id != name or told.among:
            other = ", ".join(told.among or (told.id,)) if told else "nothing"
            return Claim(part.id, "belief", name, False, f"{where}it is told as {other}")
    return Claim(part.id, "belief", name, True, f"told by name in {len(keys)} variants")


# --- code ----------------------------------------------------------------------------------------


class _Bench:
    """One code or script part with all its runs."""

    def __init__(self, exercise: Exercise, part: RunPart, shop: Workshop) -> None:
        self.exercise, self.part, self.shop = exercise, part, shop
        self.key: Key = shop.keys.key(exercise, part, 0)
        self.models = shop.keys.models(exercise, part, self.key.cases)
        self.accepted = {
            name: shop.keys.wanted(exercise, part, self.key.cases, code)
            for name, code in part.accept.items()
        }
        self.facts = {
            name: shop.keys.facts(exercise, mistake.code) for name, mistake in part.mistakes.items()
        }
        self.kills = {name: self._killers(name) for name in part.mistakes}
        self.margin = self._margin()

    def claims(self) -> Iterator[Claim]:
        yield self._reference()
        yield from (self._accept(name) for name in self.part.accept)
        yield from (self._mistake(name) for name in self.part.mistakes)
        yield from (self._check(check) for check in self.part.checks)
        yield self._inputs()
        yield self._margin_claim()
        yield self._time()

    def _claim(self, kind: str, name: str, wrong: str, shown: str) -> Claim:
        return Claim(self.part.id, kind, name, not wrong, wrong or shown)

    def _reference(self) -> Claim:
        """It passes on 20 draws, on 1 and 2 threads, in float32 and float64."""
        wrong = next(self._reference_faults(), "")
        return self._claim(
            "reference", "reference", wrong, f"passes {DRAWS} draws, 1 and 2 threads, 2 dtypes"
        )

    def _reference_faults(self) -> Iterator[str]:
        for check in self.part.checks:
            for path in check.watched:
                if any(find(run, path) is None for run in self.key.wanted.values()):
                    yield f"check `{check.id}`: the drive returns no `{path}`"
        if self.part.watch.steps and any(run.steps is None for run in self.key.wanted.values()):
            yield "the trace could not tell the watched leaves apart by their start values"
        keys = self.shop.keys
        facts = keys.facts(self.exercise, {})
        for draw in range(DRAWS):
            cases = keys.hidden_cases(self.exercise, self.part, draw)
            cases += keys.open_cases(self.exercise, self.part, draw % self.exercise.file.variants)
            wanted = keys.wanted(self.exercise, self.part, cases)
            for threads, dtype in ((2, None), (1, "float64")):
                jobs = case_jobs(self.exercise, self.part, cases, threads=threads, dtype=dtype)
                seen = dict(zip(wanted, self.shop.runs.run(jobs), strict=True))
                verdicts = self._judge(Key(cases, wanted), seen, facts)
                bad = [v.id for v in verdicts if v.outcome is not Outcome.PASS]
                if bad:
                    how = f"{threads} threads, {dtype or 'float32'}"
                    yield f"draw {draw}, {how}: check `{bad[0]}` fails the reference"

    def _accept(self, name: str) -> Claim:
        parsed = self.shop.keys.facts(self.exercise, self.part.accept[name])
        verdicts = self._judge(self.key, self.accepted[name], parsed)
        bad = [v for v in verdicts if v.outcome is not Outcome.PASS]
        wrong = f"fails check `{bad[0].id}`: {_why(bad[0])}" if bad else ""
        return self._claim("accept", name, wrong, "full points")

    def _mistake(self, name: str) -> Claim:
        """Caught in a hidden case, told by its name or its class."""
        base = self.models[name][0]
        if not self.kills[name]:
            wrong = "passes every check in the hidden cases: drop it, or change cases or checks"
            return self._claim("mistake", name, wrong, "")
        facts = self.facts[name]
        told = diagnose_runs(self.part, self.key, base, self.models, facts)
        by_source = {c.id for c in self.part.checks if not c.runs_code} >= set(self.kills[name])
        if told is None:
            wrong = "" if by_source else "it is not recognised"
            return self._claim("mistake", name, wrong, f"caught by {self._by(name)}; source rule")
        mistake = self.part.mistakes[name]
        among = told.among or (told.id,)
        strangers = set(among) - {name, *mistake.same_as}
        if strangers or name not in among:
            other = ", ".join(sorted(strangers)) or told.id
            wrong = f"looks the same as {other}: list it under same_as, or give a tell"
            return self._claim("mistake", name, wrong, "")
        claimed = [other for other in mistake.same_as if other not in among]
        wrong = f"same_as: {claimed[0]} can be told from it" if claimed else ""
        told_as = f" as one of {', '.join(among)}" if len(among) > 1 else ""
        return self._claim("mistake", name, wrong, f"caught by {self._by(name)}, told{told_as}")

    def _by(self, name: str) -> str:
        return ", ".join(self.kills[name])

    def _killers(self, name: str) -> tuple[str, ...]:
        """Ids of the checks that the mistake fails in a hidden case, or by its source."""
        base = self.models[name][0]
        views = [
            View(base[case.id], self.key.wanted[case.id], case.inputs, self.facts[name])
            for case in self.key.cases
            if case.hidden
        ]
        return tuple(
            check.id for check in self.part.checks if any(caught((check,), view) for view in views)
        )

    def _check(self, check: Check) -> Claim:
        """A check that nothing wrong fails checks nothing."""
        killed = [name for name, ids in self.kills.items() if check.id in ids]
        automatic = self._automatic(check)
        missed = [name for name, dead in automatic if not dead]
        if missed:
            return self._claim("check", check.id, f"does not notice {missed[0]}", "")
        count = len(automatic)
        wrong = "" if killed or count else "is vacuous: no mistake and no automatic mutant fails it"
        if not check.runs_code or not isinstance(check, Close):
            wrong = "" if killed else "is vacuous: no mistake fails it"
            if not killed and check.needs is None:
                wrong += "; a check that an empty answer passes needs another"
        shown = f"{len(killed)} mistakes" + (f", {count} automatic mutants" if count else "")
        return self._claim("check", check.id, wrong, f"caught {shown}")

    def _automatic(self, check: Check) -> list[tuple[str, bool]]:
        """Automatic mutants of what the check watches: a name, and whether it fails them."""
        found: list[tuple[str, bool]] = []
        if not isinstance(check, Close):
            return found
        for case in self.key.cases:
            wanted = self.key.wanted[case.id]
            for path in check.watched if case.hidden else ():
                for name, wrong in self._wrong_values(path, case, wanted):
                    seen = with_value(wanted, path, wrong)
                    if seen is not None:
                        view = View(seen, wanted, case.inputs, Parsed())
                        dead = check.judge(view).outcome is Outcome.FAIL
                        found.append((f"`{path}` {name} (case {case.id})", dead))
        return found

    def _wrong_values(self, path: str, case: Drawn, wanted: Run) -> Iterator[tuple[str, Array]]:
        right_one = find(wanted, path)
        want = None if right_one is None else as_array(right_one)
        if want is None or want.dtype.kind == "b" or not want.any():
            return
        yield from ((name, v) for name, v in mutants(want) if (v != want).any())
        for other in self.key.cases:
            seen = find(self.key.wanted[other.id], path)
            value = None if other.hidden or seen is None else as_array(seen)
            if value is not None and value.shape == want.shape:
                yield f"as in the open case {other.id}", value.astype(float)

    def _inputs(self) -> Claim:
        """No wrong answer is right by accident, in hidden cases or in any variant's open ones."""
        if self.key.unmet:
            return self._claim("inputs", "hidden", self.key.unmet[0], "")
        keys = self.shop.keys
        for variant in range(self.exercise.file.variants):
            cases = keys.open_cases(self.exercise, self.part, variant)
            wanted = keys.wanted(self.exercise, self.part, cases)
            for case in cases:
                found = keys.coincidences(self.exercise, self.part, case, wanted[case.id])
                if found:
                    words = f"variant {variant}, open case {case.id}: {found[0]}"
                    return self._claim("inputs", "open", words, "")
        return self._claim("inputs", "all", "", "no accidental agreement")

    def _margin(self) -> float:
        """Nearest mistake / farthest accepted variant, in what checks look at; inf without either."""
        values = {check.id for check in self.part.checks if isinstance(check, Close)}
        near = min(
            (
                self._gap(self.models[name][0])
                for name, ids in self.kills.items()
                if values & set(ids)
            ),
            default=math.inf,
        )
        far = max((self._gap(runs) for runs in self.accepted.values()), default=0.0)
        return near / max(far, _NOISE)

    def _gap(self, runs: Model) -> float:
        """The largest distance that any `close` check sees in any hidden case."""
        paths = {p for check in self.part.checks if isinstance(check, Close) for p in check.watched}
        gaps = [0.0]
        for case in self.key.cases:
            wanted, seen = self.key.wanted[case.id], runs[case.id]
            if seen.ended is not wanted.ended:
                return math.inf
            gaps += [
                distance(find(seen, path), want)
                for path in paths
                if case.hidden and (want := find(wanted, path)) is not None
            ]
        return max(gaps)

    def _margin_claim(self) -> Claim:
        narrow = self.margin < _ENOUGH_MARGIN
        shown = f"{self.margin:.3g}" if math.isfinite(self.margin) else "unbounded"
        wrong = f"only {shown}: a right style is nearly as far as a mistake" if narrow else ""
        return self._claim(
            "margin", "margin", wrong, f"mistakes are {shown} times as far as styles"
        )

    def _time(self) -> Claim:
        """The reference needs only a small share of the time that a student has."""
        jobs = case_jobs(self.exercise, self.part, self.key.cases)
        slowest = max(ending.usage.wall_seconds for ending in self.shop.sandbox.run(jobs))
        limit = float(self.part.limits.wall_seconds)
        wrong = (
            f"the reference takes {slowest:.2f} s of {limit:g} s"
            if slowest > _BUDGET * limit
            else ""
        )
        return self._claim("time", "time", wrong, f"{slowest * 1000:.0f} ms of {limit:g} s")

    def _judge(self, key: Key, seen: Mapping[str, Run], parsed: Parsed) -> tuple[CheckVerdict, ...]:
        return judge_runs(self.part, key, seen, parsed)


def _why(verdict: CheckVerdict) -> str:
    found = [c.finding for c in verdict.cases if c.finding.outcome is not Outcome.PASS]
    return found[0].message if found else ""
