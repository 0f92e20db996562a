"""A code or script part → Bench: what its reference, mistakes and accepted variants do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from grader.course.format import Exercise
from grader.course.parts.part import AnyPart
from grader.judging.judge import judge_runs
from grader.judging.keys import Key, Model, Unmet, caught
from grader.judging.settled import Settled
from grader.judging.workshop import Workshop
from grader.model import CheckVerdict, Outcome, Parsed


@dataclass(frozen=True)
class Bench:
    """All runs are of variant 0."""

    exercise: Exercise
    part: AnyPart
    shop: Workshop
    key: Key
    models: Mapping[str, Sequence[Model]]  # mistake → its runs
    accepted: Mapping[str, Model]  # accepted variant → its runs
    facts: Mapping[str, Parsed]  # mistake → what stands in its source
    unmet: Mapping[int, Unmet]  # variant → what no draw of its open cases has

    @cached_property
    def kills(self) -> Mapping[str, tuple[str, ...]]:
        """Mistake → ids of the checks that it fails in a hidden case, or by its source."""
        return {name: self._killers(name) for name in self.part.mistakes}

    def _killers(self, name: str) -> tuple[str, ...]:
        (model,) = self.models[name]
        views = {
            case.id: self.key.view(case, model[case.id], self.facts[name])
            for case in self.key.cases
            if case.hidden
        }
        return tuple(check.id for check in self.part.checks if caught(check, views))

    def failed(self, key: Key, seen: Model, parsed: Parsed) -> tuple[CheckVerdict, ...]:
        """The checks that do not pass."""
        verdicts = judge_runs(self.part, key, seen, parsed)
        return tuple(verdict for verdict in verdicts if verdict.outcome is not Outcome.PASS)


def bench(part: AnyPart, ready: Settled, shop: Workshop) -> Bench:
    exercise, keys = ready.exercise, shop.keys
    key = keys.key(exercise, part, 0)
    styles = keys.styled(exercise, part, key.cases, [*part.accept.values()])
    return Bench(
        exercise,
        part,
        shop,
        key,
        keys.models(exercise, part, key.cases),
        dict(zip(part.accept, styles, strict=True)),
        keys.facts(exercise, {name: mistake.code for name, mistake in part.mistakes.items()}),
        {variant: lacks for (id_, variant), lacks in ready.unmet.items() if id_ == part.id},
    )
