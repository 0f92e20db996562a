"""Parts of an exercise and the keys they are held against, in a few words each."""

from collections.abc import Mapping

from grader.course.parts.code import CodePart
from grader.course.parts.part import Mistake
from grader.course.parts.predict import PredictPart
from grader.judging.keys import Drawn, Key
from grader.model import Ended, Fault, Inputs, Run

Fields = Mapping[str, object]


def close(id_: str, *of: str, **fields: object) -> Fields:
    """A check that compares what the drive returned."""
    return {"id": id_, "kind": "close", "of": of, "say": f"{id_} is right.", **fields}


def code(*checks: Fields, mistakes: Mapping[str, Mistake] | None = None) -> CodePart:
    """A function to write; `shown` is its open case, `far.1` and `far.2` are hidden."""
    return CodePart.model_validate(
        {
            "id": "fit",
            "kind": "code",
            "title": "Fit a line",
            "todo": {"step": {"say": "Write the step."}},
            "cases": ({"id": "shown", "open": True}, {"id": "far", "times": 2}),
            "checks": checks,
            "mistakes": mistakes or {},
        }
    )


def mistake(say: str, **fields: object) -> Mistake:
    return Mistake.model_validate({"say": say, "code": {"step": "pass"}, **fields})


def predict(*checks: Fields, **beliefs: Fields) -> PredictPart:
    """Three things to foretell: the value, the slope, and the slope after a second backward."""
    asks = ("value", "slope", "again")
    return PredictPart.model_validate(
        {
            "id": "look",
            "kind": "predict",
            "title": "Look",
            "program": "".join(f"#? {ask} = {ask}\n" for ask in asks),
            "todo": {ask: {"say": "What is it?"} for ask in asks},
            "checks": checks or ({"id": "all", "kind": "answers", "say": "They are right."},),
            "mistakes": beliefs,
        }
    )


def key(wanted: Mapping[str, Run], inputs: Inputs | None = None) -> Key:
    """The reference's runs by their cases, of which `shown` is open and all others are hidden."""
    drawn = (Drawn(id_, id_ != "shown", "float32", inputs or {}) for id_ in wanted)
    return Key(tuple(drawn), wanted)


def stopped(kind: str, *, ended: Ended = Ended.ERROR, line: int | None = 3) -> Run:
    """A run that an error ended before anything was seen."""
    return Run(ended, fault=Fault(kind, "RuntimeError", "in torch's words", "ex4.py", line))
