"""Each mistake is caught, and told by its name or by the class that it shares."""

from grader.judging.alike import alike
from grader.judging.diagnose import diagnose_runs
from grader.model import Diagnosis
from grader.proving.bench import Bench
from grader.proving.claims import Alike, Claim, Subject


def mistake(bench: Bench, subject: Subject) -> Claim:
    name = subject.name
    caught_by = bench.kills[name]
    if not caught_by:
        return subject.claim(
            "passes every check in the hidden cases: drop it, or change cases or checks"
        )
    (model,) = bench.models[name]
    told = diagnose_runs(bench.part, bench.key, model, bench.models, bench.facts[name])
    shown = f"caught by {', '.join(caught_by)}"
    if told is None:
        rules = {check.id for check in bench.part.checks if not check.runs_code}
        wrong = "" if rules >= set(caught_by) else "it is not recognised"
        return subject.claim(wrong, f"{shown}; a rule of the source")
    told_as = f" as one of {', '.join(told.among)}" if told.among else ""
    return subject.claim(_misnamed(bench, name, told), f"{shown}, told{told_as}")


def _misnamed(bench: Bench, name: str, told: Diagnosis) -> str:
    """What is wrong if it is taken for others than its author says."""
    claimed = bench.part.mistakes[name].same_as
    among = told.among or (told.id,)
    strangers = sorted(set(among) - {name, *claimed})
    if strangers or name not in among:
        others = ", ".join(strangers) or told.id
        return f"looks the same as {others}: list it under same_as, or give a tell"
    apart = [other for other in claimed if other not in among]
    return f"same_as: {apart[0]} can be told from it" if apart else ""


def classes(bench: Bench) -> tuple[Alike, ...]:
    """Which mistakes no run tells apart."""
    mistakes = bench.part.mistakes
    groups = {
        tuple(alike(bench.part, bench.key, models[0], bench.models))
        for models in bench.models.values()
    }
    return tuple(
        Alike(names, tuple(name for name in names if mistakes[name].tell is not None))
        for names in sorted(groups, key=lambda names: [*mistakes].index(names[0]))
        if len(names) > 1
    )
