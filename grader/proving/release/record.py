"""Exercise → its recorded runs: what reference and mistakes do in the open cases.

A mistake over an accepted variant is recorded only where that shows in the first variant: most
styles differ by rounding alone, and there are hundreds.
"""

import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from grader.checks.trace import SAME
from grader.course.format import Exercise
from grader.course.parts.part import AnyPart, Variation
from grader.judging.alike import TOLD_BY_WORDS, differs, run_distance
from grader.judging.keys import Key, Keys
from grader.judging.keys.computed import base_styles, other_styles
from grader.judging.keys.key import Model
from grader.judging.keys.page import Page, Style, as_bytes
from grader.judging.keys.recorded import member
from grader.model import Fault, Run, Usage

_ROUNDING = SAME / 100


@dataclass(frozen=True, slots=True)
class Named:
    """A mistake in one style."""

    mistake: str
    code: Variation
    own: bool  # as its author wrote it


def recorded(exercise: Exercise, keys: Keys) -> bytes:
    """A zip of two members for each part and variant."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, raw in _members(exercise, keys):
            # Without a date: the same course gives the same bytes.
            entry = zipfile.ZipInfo(name)
            archive.writestr(entry, raw, zipfile.ZIP_DEFLATED, compresslevel=9)
    return content.getvalue()


def _members(exercise: Exercise, keys: Keys) -> Iterator[tuple[str, bytes]]:
    for part in exercise.parts:
        if part.cases:
            styles = _styles(exercise, part, keys)
            for variant in range(exercise.file.variants):
                text, numbers = as_bytes(_page(exercise, part, keys, variant, styles))
                yield member(part.id, variant, "json"), text
                yield member(part.id, variant, "safetensors"), numbers


def _page(
    exercise: Exercise, part: AnyPart, keys: Keys, variant: int, styles: Sequence[Named]
) -> Page:
    key = _open_key(exercise, part, keys, variant)
    codes = [style.code for style in styles]
    models = zip(styles, keys.styled(exercise, part, key.cases, codes), strict=True)
    found = [
        Style(style.mistake, style.own, _scrubbed(model))
        for style, model in models
        if not _apart(part, key, model, model)  # what is not finite matches nothing
    ]
    return Page(_scrubbed(key.wanted), tuple(found), key.noise)


def _open_key(exercise: Exercise, part: AnyPart, keys: Keys, variant: int) -> Key:
    cases = keys.open_cases(exercise, part, variant)
    return replace(keys.of_cases(exercise, part, cases), variant=variant)


def _styles(exercise: Exercise, part: AnyPart, keys: Keys) -> list[Named]:
    """The authors' own styles, and those others that show in the first variant."""
    key = _open_key(exercise, part, keys, 0)
    own = [Named(name, code, own=True) for name, code in base_styles(part)]
    others = [Named(name, code, own=False) for name, code in other_styles(exercise, part)]
    codes = [style.code for style in (*own, *others)]
    models = keys.styled(exercise, part, key.cases, codes)
    shown: dict[str, list[Model]] = {}
    for style, model in zip(own, models, strict=False):
        shown[style.mistake] = [model]
    telling = []
    for style, model in zip(others, models[len(own) :], strict=True):
        if all(_apart(part, key, model, other) for other in shown[style.mistake]):
            shown[style.mistake].append(model)
            telling.append(style)
    return [*own, *telling]


def _apart(part: AnyPart, key: Key, one: Model, other: Model) -> bool:
    """Whether more than rounding tells two styles apart in some case."""
    return any(
        run_distance(one[case.id], other[case.id], key.noise[case.id]) > _ROUNDING
        or differs(part, key, case, one[case.id], other[case.id])
        for case in key.cases
    )


def _scrubbed(model: Model) -> dict[str, Run]:
    """Runs without what was printed or used, and without a line of the code that ran."""
    return {case: _plain(run) for case, run in model.items()}


def _plain(run: Run) -> Run:
    fault = None if run.fault is None else _nameless(run.fault)
    cells = tuple(map(_nameless, run.cell_faults))
    return replace(run, fault=fault, cell_faults=cells, warnings=(), output="", usage=Usage())


def _nameless(fault: Fault) -> Fault:
    if fault.kind in TOLD_BY_WORDS:
        return Fault(fault.kind, fault.type_name, fault.message)
    return Fault(fault.kind)
