"""Comparisons → JSON, CSV or lines, for machines and terminals."""

import json
import statistics
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from grader.classroom.similar.evidence import shared
from grader.classroom.similar.page import page
from grader.classroom.similar.work import Comparison, Pair, Work
from grader.reporting.exporters import csvfile, text

SCHEMA = "grader/similar/v1"
CAVEAT = "Similarity is no proof of copying, and changes no grade: read both, and ask."
_MOST_LINES = 20
_HEADER = (
    *("exercise", "surprise_bits", "left", "left_file", "left_share"),
    *("right", "right_file", "right_share"),
)


def as_json(found: Sequence[Comparison]) -> bytes:
    page = {"schema": SCHEMA, "note": CAVEAT, "exercises": [_exercise(one) for one in found]}
    return f"{json.dumps(page, indent=1)}\n".encode()


def as_csv(found: Sequence[Comparison]) -> bytes:
    """One row a pair."""
    return csvfile.write([_HEADER, *(row for one in found for row in _rows(one))])


def as_lines(found: Sequence[Comparison]) -> bytes:
    """A short list for a terminal."""
    lines = [line for one in found for line in _lines(one)]
    return text.inert(text.visible("\n".join([*lines, CAVEAT, ""]), 10**6)).encode()


def _exercise(found: Comparison) -> dict[str, Any]:  # Any: as json has it
    return {
        "exercise": found.handed.exercise,
        "files": found.works,
        "students": found.students,
        "compared": found.compared,
        "cut": [work.origin for work in found.cut],
        "unread": [{"file": work.origin, "why": why} for work, why in found.unread],
        "least": round(found.least, 1),
        "nearest": [round(bits, 1) for bits in sorted(found.nearest)],
        "pairs": [_pair(pair, found) for pair in found.pairs],
        "more": found.more,
    }


def _pair(pair: Pair, found: Comparison) -> dict[str, Any]:  # Any: as json has it
    return {
        "surprise": round(pair.surprise, 1),
        "left": {**_work(pair.left), "share": round(pair.left_share, 3)},
        "right": {**_work(pair.right), "share": round(pair.right_share, 3)},
        "shared": [
            {"kind": word.kind, "text": word.text, "among": word.among}
            for word in shared(pair, found)
        ],
    }


def _work(work: Work) -> dict[str, Any]:  # Any: as json has it
    return {"students": list(work.students), "group": work.group, "file": work.origin}


def _rows(found: Comparison) -> Iterator[list[csvfile.Cell]]:
    for pair in found.pairs:
        left: list[csvfile.Cell] = [
            pair.left.told,
            pair.left.origin,
            Decimal(f"{pair.left_share:.3f}"),
        ]
        right: list[csvfile.Cell] = [
            pair.right.told,
            pair.right.origin,
            Decimal(f"{pair.right_share:.3f}"),
        ]
        yield [found.handed.exercise, Decimal(f"{pair.surprise:.1f}"), *left, *right]


def _lines(found: Comparison) -> Iterator[str]:
    about = f"{found.handed.exercise}: {found.students} students, {found.works} files"
    usual = f"; the median student's nearest is at {statistics.median(found.nearest or [0]):.0f}"
    yield f"{about}; {len(found.pairs)} pairs at {found.least:.0f} bits or more{usual}"
    if found.cut:
        names = ", ".join(text.brief(text.visible(work.origin), 60) for work in found.cut)
        yield f"  too long to be compared beyond their beginning: {text.brief(names, 400)}"
    for pair in found.pairs[:_MOST_LINES]:
        shares = f"{pair.left_share:4.0%} {pair.right_share:4.0%}"
        sides = (text.brief(text.visible(work.told), 40) for work in (pair.left, pair.right))
        yield "  ".join([f"{pair.surprise:6.0f}", shares, *sides])
    if len(found.pairs) > _MOST_LINES:
        yield f"  … and {len(found.pairs) - _MOST_LINES} more: --output similar.html has them"


FORMATS: Mapping[str, Callable[[Sequence[Comparison]], bytes]] = MappingProxyType(
    {"terminal": as_lines, "html": page, "json": as_json, "csv": as_csv}
)
