"""Exercise + secret + variant → Key: the cases, and what reference and mistakes do in them.

Hidden cases are the first draws on which every mistake, and every accidental agreement that would
hide one, can be told from the reference with room to spare.
"""

import json
import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from grader import variants
from grader.checks.check import Check, View, find
from grader.checks.close import Close
from grader.coincide import coincidences
from grader.compare import distance
from grader.format import Exercise, RunPart, Variation, as_changes
from grader.inputs import seed
from grader.keys.key import Alike, Drawn, Key, Model, open_cases
from grader.model import Ended, Inputs, Observation, Outcome, Parsed, Run
from grader.sandbox.cache import RunCache, digest, write_whole
from grader.sandbox.harness import harness, reference
from grader.sandbox.jobs import Job, Outline, parse_job, run_job

MARGIN = 1e-2  # relative; 100 times the tolerance
_MOST_ATTEMPTS = 40


class Keys:
    """Makes keys; trusted runs go through the cache."""

    def __init__(self, course: str, secret: bytes, runs: RunCache, folder: Path) -> None:
        self._course = course
        self._secret = secret
        self._runs = runs
        self._folder = folder / "draws"
        self._made: dict[tuple[Exercise, str, int], Key] = {}
        self._lock = threading.Lock()  # or several threads would make the same one

    def key(self, exercise: Exercise, part: RunPart, variant: int) -> Key:
        """The part's key for one open variant; made once."""
        name = exercise, part.id, variant
        with self._lock:
            if name not in self._made:
                self._made[name] = self._make(exercise, part, variant)
            return self._made[name]

    def _make(self, exercise: Exercise, part: RunPart, variant: int) -> Key:
        attempt, unmet = self._attempt(exercise, part)
        cases = (
            *self.open_cases(exercise, part, variant),
            *self.hidden_cases(exercise, part, attempt),
        )
        return Key(cases, self.wanted(exercise, part, cases), unmet, variant)

    def open_cases(self, exercise: Exercise, part: RunPart, variant: int) -> tuple[Drawn, ...]:
        """What everybody with this variant may see."""
        return open_cases(exercise, part, variant, self._course)

    def hidden_cases(self, exercise: Exercise, part: RunPart, attempt: int) -> tuple[Drawn, ...]:
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
        part: RunPart,
        cases: tuple[Drawn, ...],
        code: Variation | None = None,
    ) -> dict[str, Run]:
        """Case id → the run of the reference, or of a variation of it."""
        jobs = case_jobs(exercise, part, cases, code)
        return dict(zip((case.id for case in cases), self._runs.run(jobs), strict=True))

    def styled(
        self,
        exercise: Exercise,
        part: RunPart,
        cases: tuple[Drawn, ...],
        codes: Sequence[Variation],
    ) -> list[Model]:
        """The runs of several variations; all at once, as that keeps every processor busy."""
        jobs = [job for code in codes for job in case_jobs(exercise, part, cases, code)]
        runs = iter(self._runs.run(jobs))
        return [{case.id: next(runs) for case in cases} for _ in codes]

    def models(
        self, exercise: Exercise, part: RunPart, cases: tuple[Drawn, ...]
    ) -> dict[str, list[Model]]:
        """Mistake id → its runs, made over the reference."""
        return {
            name: [self.wanted(exercise, part, cases, mistake.code)]
            for name, mistake in part.mistakes.items()
        }

    def matching(
        self, exercise: Exercise, part: RunPart, key: Key, alike: Alike
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

    def _attempt(self, exercise: Exercise, part: RunPart) -> tuple[int, tuple[str, ...]]:
        """The first draw that tells everything apart, else the best; remembered."""
        path = self._folder / self._draw_digest(exercise, part)
        try:
            kept = json.loads(path.read_text())
            return int(kept["attempt"]), tuple(kept["unmet"])
        except (OSError, ValueError, KeyError, TypeError):
            pass
        best = min(self._attempts(exercise, part), key=lambda found: len(found[1]))
        write_whole(path, json.dumps({"attempt": best[0], "unmet": best[1]}).encode())
        return best

    def _attempts(self, exercise: Exercise, part: RunPart) -> Iterator[tuple[int, tuple[str, ...]]]:
        for attempt in range(_MOST_ATTEMPTS):
            unmet = self._unmet(exercise, part, self.hidden_cases(exercise, part, attempt))
            yield attempt, unmet
            if not unmet:
                return

    def _unmet(
        self, exercise: Exercise, part: RunPart, cases: tuple[Drawn, ...]
    ) -> tuple[str, ...]:
        wanted = self.wanted(exercise, part, cases)
        if any(run.ended is not Ended.FINISHED for run in wanted.values()):
            return ("the reference does not finish",)
        found = [
            f"case {case.id}: {words}"
            for case in cases
            for words in self.coincidences(exercise, part, case, wanted[case.id])
        ]
        for name, mistake in part.mistakes.items():
            its = self.wanted(exercise, part, cases, mistake.code)
            facts = self.facts(exercise, mistake.code)
            views = {c.id: View(its[c.id], wanted[c.id], c.inputs, facts) for c in cases}
            if not any(caught(check, views) for check in part.checks):
                found.append(f"mistake `{name}` passes every check")
        return tuple(found)

    def facts(self, exercise: Exercise, code: Variation) -> Parsed:
        """What stands in the source of a variation of the reference."""
        job = parse_job(reference(exercise, as_changes(code)), Outline("", {}))
        (parsed,) = self._runs.parse([job])
        return parsed

    def coincidences(
        self, exercise: Exercise, part: RunPart, case: Drawn, wanted: Run
    ) -> list[str]:
        """Wrong answers that the inputs of this case happen to make right."""
        code, frame = reference(exercise), harness(exercise, part)

        def rerun(inputs: Sequence[Inputs]) -> list[Run]:
            jobs = [run_job(code, frame, values, dtype="float64") for values in inputs]
            return self._runs.run(jobs)

        checks = [check for check in part.checks if check.covers(case.id)]
        return coincidences(checks, wanted, case.inputs, rerun)

    def _draw_digest(self, exercise: Exercise, part: RunPart) -> str:
        words = [exercise.digest, part.id, self._secret.hex()]  # limits are in the first
        probe = Job("run", json.dumps(words))
        return digest(probe)


def base_styles(part: RunPart) -> list[tuple[str, Variation]]:
    """Each mistake as its author wrote it."""
    return [(name, mistake.code) for name, mistake in part.mistakes.items()]


def other_styles(exercise: Exercise, part: RunPart) -> list[tuple[str, Variation]]:
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


def caught(check: Check, views: Mapping[str, View]) -> bool:
    """Whether a check fails in one of these cases, and not by a hair."""
    return any(_fails(check, view) for case, view in views.items() if check.covers(case))


def _fails(check: Check, view: View) -> bool:
    if check.runs_code and view.seen.ended is not Ended.FINISHED:
        return True
    if check.judge(view).outcome is not Outcome.FAIL:
        return False
    wants = _wants(check.watched, view.wanted)
    gaps = [distance(find(view.seen, path), want) for path, want in wants]
    return not isinstance(check, Close) or max(gaps, default=0.0) > MARGIN


def _wants(paths: tuple[str, ...], wanted: Run) -> Iterator[tuple[str, Observation]]:
    for path in paths:
        want = find(wanted, path)
        if want is not None:
            yield path, want


def case_jobs(  # noqa: PLR0913  (the last two are for proofs only)
    exercise: Exercise,
    part: RunPart,
    cases: tuple[Drawn, ...],
    code: Variation | None = None,
    *,
    dtype: str | None = None,
    threads: int = 1,
) -> list[Job]:
    """Jobs that run the reference, or a variation of it, in each case."""
    text = reference(exercise, as_changes(code or {}))
    frame = harness(exercise, part)
    return [
        run_job(text, frame, case.inputs, dtype=dtype or case.dtype, threads=threads)
        for case in cases
    ]
