"""Exercise + released exercise → what would differ for a student: nothing may."""

from collections.abc import Iterator, Mapping

import numpy as np

from grader.course.format import Exercise
from grader.course.parts.part import AnyPart
from grader.course.variants import open_inputs
from grader.handout import render
from grader.judging.harness import harness
from grader.model import Inputs, Value
from grader.proving.release.redact import redacted


def changes(ours: Exercise, theirs: Exercise, course_id: str) -> Iterator[str]:
    """In words, each thing that a release must keep and does not."""
    if theirs.file != redacted(ours):
        yield "its words would be read otherwise in the release"
    if theirs.digest != ours.digest:
        yield "the release has another digest"
    for ours_part, theirs_part in zip(ours.parts, theirs.parts, strict=True):
        if ours_part.predicts:
            continue
        if harness(ours, ours_part) != harness(theirs, theirs_part):
            yield (
                f"part {ours_part.id}: its starter lacks a top-level name or import of the "
                "solution; let a hole's `start` have it"
            )
        yield from _inputs(ours, theirs, (ours_part, theirs_part), course_id)
    for variant in range(ours.file.variants):
        shown = [render.handout(each, variant, course_id) for each in (ours, theirs)]
        if shown[0] != shown[1]:
            yield f"the handout of variant {variant} would change"


def _inputs(
    ours: Exercise, theirs: Exercise, parts: tuple[AnyPart, AnyPart], course_id: str
) -> Iterator[str]:
    for variant in range(ours.file.variants):
        drawn = open_inputs(ours, parts[0], variant, course_id)
        again = open_inputs(theirs, parts[1], variant, course_id)
        if drawn.keys() != again.keys() or any(not _same(drawn[id_], again[id_]) for id_ in drawn):
            yield f"part {parts[0].id}: variant {variant} would have other open cases"


def _same(some: Inputs, others: Mapping[str, Value]) -> bool:
    return some.keys() == others.keys() and all(
        np.array_equal(np.asarray(some[name]), np.asarray(others[name])) for name in some
    )
