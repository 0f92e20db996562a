"""Exercise + secret + variant → Key: the cases, and what reference and mistakes do in them.

Hidden cases are the first draws on which all right styles agree, and on which every mistake, and
every accidental agreement that would hide one, can be told from the reference: both with room to
spare.
"""

import json
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path

import numpy as np

from grader.checks.noise import noise
from grader.course import variants
from grader.course.format import Exercise
from grader.course.parts.part import AnyPart, Variation, as_changes
from grader.files import write_whole
from grader.inputs.expressions import seed
from grader.judging.coincide import coincidences
from grader.judging.harness import harness, reference
from grader.judging.keys import fair
from grader.judging.keys.caught import caught
from grader.judging.keys.jobs import case_jobs, otherwise
from grader.judging.keys.key import Alike, Drawn, Key, Model, Unmet, open_cases
from grader.judging.keys.taken import Taken
from grader.model import Ended, Inputs, Parsed, Run
from grader.sandbox.cache import RunCache, digest
from grader.sandbox.jobs import Job, Outline, parse_job, run_job

_MOST_ATTEMPTS = 40
_ENOUGH = 10  # draws with one complaint: it is of the exercise and not of the draw


class Keys:
    """Makes keys; trusted runs go through the cache."""

    def __init__(
        self,
        course: str,
        secret: bytes,
        runs: RunCache,
        folder: Path,
        taken: Taken | None = None,
    ) -> None:
        self._course = course
        self._taken = taken or Taken(None, secret)
        self._secret = secret
        self._runs = runs
        self._folder = folder / "draws"
        self._made: dict[tuple[Exercise, str, int], Key] = {}
        self._lock = threading.Lock()  # or several threads would make the same one

    def take(self, exercise: Exercise) -> None:
        """See to it that the draws of all hidden cases are taken, and recorded."""
        for part in exercise.parts:
            if part.cases:
                self._attempt(exercise, part)

    def key(self, exercise: Exercise, part: AnyPart, variant: int) -> Key:
        """The part's key for one open variant; made once."""
        name = exercise, part.id, variant
        with self._lock:
            if name not in self._made:
                self._made[name] = self._make(exercise, part, variant)
            return self._made[name]

    def _make(self, exercise: Exercise, part: AnyPart, variant: int) -> Key:
        attempt, unmet = self._attempt(exercise, part)
        cases = (
            *self.open_cases(exercise, part, variant),
            *self.hidden_cases(exercise, part, attempt),
        )
        return replace(self.of_cases(exercise, part, cases), unmet=unmet, variant=variant)

    def of_cases(self, exercise: Exercise, part: AnyPart, cases: tuple[Drawn, ...]) -> Key:
        """What the reference does in some cases, and how much of it is rounding."""
        jobs = case_jobs(exercise, part, cases)
        ways = [otherwise(case) for case in cases]
        for case, way in zip(cases, ways, strict=True):
            jobs += case_jobs(exercise, part, [case], way=way)
        runs = self._runs.run(jobs)
        wanted = dict(zip((case.id for case in cases), runs, strict=False))
        others = zip(cases, ways, runs[len(cases) :], strict=True)
        return Key(
            cases,
            wanted,
            noise={
                case.id: noise(wanted[case.id], run, case.dtype, way.dtype)
                for case, way, run in others
            },
        )

    def open_cases(
        self, exercise: Exercise, part: AnyPart, variant: int, draw: int | None = None
    ) -> tuple[Drawn, ...]:
        """What everybody with this variant may see; in another draw than the recorded one."""
        return open_cases(exercise, part, variant, self._course, draw)

    def open_draw(
        self, exercise: Exercise, part: AnyPart, variant: int
    ) -> tuple[int, tuple[Unmet, ...]]:
        """The recorded draw of a variant if it is a good one, else the first that is."""
        first = exercise.draws.get(part.id, {}).get(variant, 0)
        every = [first, *(draw for draw in range(_MOST_ATTEMPTS) if draw != first)]
        drawn = ((draw, self.open_cases(exercise, part, variant, draw)) for draw in every)
        return _best((draw, self._unclear(exercise, part, cases)) for draw, cases in drawn)

    def hidden_cases(self, exercise: Exercise, part: AnyPart, attempt: int) -> tuple[Drawn, ...]:
        """What follows from the secret alone, the same for everybody."""
        cases = []
        for case in part.cases:
            for id_ in variants.case_ids(case) if not case.open else ():
                words = (self._secret.hex(), self._course, exercise.id, part.id, str(attempt), id_)
                rng = np.random.RandomState(seed(*words))
                inputs = variants.case_inputs(part, case, {}, rng)
                cases.append(Drawn(id_, hidden=True, dtype=case.dtype, inputs=inputs))
        return tuple(cases)

    def wanted(
        self,
        exercise: Exercise,
        part: AnyPart,
        cases: tuple[Drawn, ...],
        code: Variation | None = None,
    ) -> dict[str, Run]:
        """Case id → the run of the reference, or of a variation of it."""
        jobs = case_jobs(exercise, part, cases, code)
        return dict(zip((case.id for case in cases), self._runs.run(jobs), strict=True))

    def styled(
        self,
        exercise: Exercise,
        part: AnyPart,
        cases: tuple[Drawn, ...],
        codes: Sequence[Variation],
    ) -> list[Model]:
        """The runs of several variations; all at once: many go into one box."""
        jobs = [job for code in codes for job in case_jobs(exercise, part, cases, code)]
        runs = iter(self._runs.run(jobs))
        return [{case.id: next(runs) for case in cases} for _ in codes]

    def models(
        self, exercise: Exercise, part: AnyPart, cases: tuple[Drawn, ...]
    ) -> dict[str, list[Model]]:
        """Mistake id → its runs, made over the reference."""
        codes = [mistake.code for mistake in part.mistakes.values()]
        runs = self.styled(exercise, part, cases, codes)
        return {name: [model] for name, model in zip(part.mistakes, runs, strict=True)}

    def matching(
        self, exercise: Exercise, part: AnyPart, key: Key, alike: Alike
    ) -> dict[str, list[Model]]:
        """The mistakes whose runs are alike in every case.

        First as their author wrote them, then over each accepted variant whose regions they leave
        alone.  A style is dropped at the first case that tells it apart: most cost one run.
        """
        for styles in (base_styles(part), other_styles(exercise, part)):
            found: list[tuple[str, Variation, dict[str, Run]]] = [(n, s, {}) for n, s in styles]
            for case in key.cases:
                jobs = [job for _, s, _ in found for job in case_jobs(exercise, part, (case,), s)]
                runs = self._runs.run(jobs)
                found = [
                    (name, style, {**model, case.id: run})
                    for (name, style, model), run in zip(found, runs, strict=True)
                    if alike(case, run)
                ]
            if found:
                return {name: [m for n, _, m in found if n == name] for name, _, _ in found}
        return {}

    def _attempt(self, exercise: Exercise, part: AnyPart) -> tuple[int, tuple[Unmet, ...]]:
        """The recorded draw, else the first good one, else the best; remembered."""
        recorded = self._taken.find(exercise, part)
        if recorded is not None:
            return recorded, ()
        attempt, unmet = self._remembered(exercise, part)
        if not unmet:
            self._taken.keep(exercise, part, attempt)
        return attempt, unmet

    def _remembered(self, exercise: Exercise, part: AnyPart) -> tuple[int, tuple[Unmet, ...]]:
        path = self._folder / self._draw_digest(exercise, part)
        try:
            kept = json.loads(path.read_text())
            return int(kept["attempt"]), tuple(Unmet(*each) for each in kept["unmet"])
        except (OSError, ValueError, KeyError, TypeError):
            pass
        drawn = ((n, self.hidden_cases(exercise, part, n)) for n in range(_MOST_ATTEMPTS))
        best = _best((n, self._unmet(exercise, part, cases)) for n, cases in drawn)
        lacks = [(each.case, each.words) for each in best[1]]
        write_whole(path, json.dumps({"attempt": best[0], "unmet": lacks}).encode())
        return best

    def _unmet(
        self, exercise: Exercise, part: AnyPart, cases: tuple[Drawn, ...]
    ) -> tuple[Unmet, ...]:
        unclear = self._unclear(exercise, part, cases)
        if unclear:
            return unclear
        key = self.of_cases(exercise, part, cases)
        facts = self.facts(exercise, {name: it.code for name, it in part.mistakes.items()})
        left = list(part.mistakes)
        for case in cases:  # most are caught in the first
            codes = [part.mistakes[name].code for name in left]
            jobs = chain(*(case_jobs(exercise, part, [case], code) for code in codes))
            runs = zip(left, self._runs.run([*jobs]), strict=True)
            views = {name: {case.id: key.view(case, run, facts[name])} for name, run in runs}
            left = [n for n in left if not any(caught(check, views[n]) for check in part.checks)]
        return tuple(Unmet("", f"mistake `{name}` passes every check") for name in left)

    def _unclear(
        self, exercise: Exercise, part: AnyPart, cases: tuple[Drawn, ...]
    ) -> tuple[Unmet, ...]:
        """Cases in which right styles do not agree, or a wrong answer is right by accident."""
        key = self.of_cases(exercise, part, cases)
        if any(run.ended is not Ended.FINISHED for run in key.wanted.values()):
            return (Unmet("", "the reference does not finish"),)
        return tuple(self._unfair(exercise, part, key)) or tuple(
            Unmet(case.id, words)
            for case in cases
            for words in self._coincidences(exercise, part, key, case)
        )

    def _unfair(self, exercise: Exercise, part: AnyPart, key: Key) -> Iterator[Unmet]:
        styles = [(case, each) for case in key.cases for each in fair.styles(exercise, part, case)]
        runs = self._runs.run([style.job for _, style in styles])
        for case in key.cases:
            shown = [
                (style, run) for (its, style), run in zip(styles, runs, strict=True) if its is case
            ]
            yield from fair.disagreements(part, key, case, shown)

    def facts(self, exercise: Exercise, codes: Mapping[str, Variation]) -> dict[str, Parsed]:
        """Name → what stands in the source of a variation of the reference."""
        sources = [reference(exercise, as_changes(code)) for code in codes.values()]
        parsed = self._runs.parse([parse_job(source, Outline("", {})) for source in sources])
        return dict(zip(codes, parsed, strict=True))

    def _coincidences(self, exercise: Exercise, part: AnyPart, key: Key, case: Drawn) -> list[str]:
        """Wrong answers that the inputs of this case happen to make right."""
        code, frame = reference(exercise), harness(exercise, part)

        def rerun(inputs: Sequence[Inputs]) -> list[Run]:
            jobs = [run_job(code, frame, values, dtype="float64") for values in inputs]
            return self._runs.run(jobs)

        checks = [check for check in part.checks if check.covers(case.id)]
        return coincidences(checks, key.view(case, key.wanted[case.id], Parsed()), rerun)

    def _draw_digest(self, exercise: Exercise, part: AnyPart) -> str:
        # What was drawn before draws had to be fair is not looked at any more.
        words = ["fair", exercise.digest, part.id, self._secret.hex()]
        return digest(Job("run", json.dumps(words)))  # limits are in the digest


def _best(draws: Iterable[tuple[int, tuple[Unmet, ...]]]) -> tuple[int, tuple[Unmet, ...]]:
    """The first draw without a complaint, else that with the fewest."""
    found: list[tuple[int, tuple[Unmet, ...]]] = []
    for draw, unmet in draws:
        if not unmet:
            return draw, ()
        found.append((draw, unmet))
        always = set.intersection(*(set(complaints) for _, complaints in found))
        if len(found) == _ENOUGH and always:
            break
    return min(found, key=lambda each: len(each[1]))


def base_styles(part: AnyPart) -> list[tuple[str, Variation]]:
    """Each mistake as its author wrote it."""
    return [(name, mistake.code) for name, mistake in part.mistakes.items()]


def other_styles(exercise: Exercise, part: AnyPart) -> list[tuple[str, Variation]]:
    """Each mistake over each accepted variant whose regions it leaves alone."""
    return [
        (name, {**variant, **mistake.code})
        for name, mistake in part.mistakes.items()
        for variant in part.accept.values()
        if not _overlap(exercise, set(variant), set(mistake.code))
    ]


def _overlap(exercise: Exercise, some: set[str], others: set[str]) -> bool:
    """Whether a region of one set lies in, or is, one of the other set."""
    holds = exercise.solution.holds
    return any(holds(a, b) or holds(b, a) for a in some for b in others)
