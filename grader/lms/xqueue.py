"""What edX's XQueue hands out → code to grade; Report → the reply.

Rounding: `score` is the share of the points, 0 to 1, clamped: edX multiplies it and does not look.
`msg` is HTML that is well-formed XML, or the learner would see nothing.

Sources: openedx/edx-submissions views/xqueue.py; openedx/xqueue-watcher docs/grader-interface.md.
"""

import json
from collections.abc import Container
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from grader.errors import AuthorError
from grader.lms import feedback
from grader.lms.fraction import fraction
from grader.lms.trouble import Trouble
from grader.shown import Report


@dataclass(frozen=True, slots=True)
class Pulled:
    """One submission.  The header goes back as it came."""

    header: str
    code: str
    payload: str

    @property
    def name(self) -> str:
        """For people: which submission this is."""
        header = _mapping(self.header)
        return f"submission {header.get('submission_id', '?')}"

    @property
    def suffix(self) -> str:
        return ".ipynb" if "cells" in _mapping(self.code) else ".py"


def pulled(content: str) -> Pulled:
    """The JSON text in `content`, whose members are JSON text again.

    Raises AuthorError if it is something else, or its header could not be sent back: then whoever
    set the queue up has to look.
    """
    try:
        outer = json.loads(content)
        body = json.loads(outer["xqueue_body"])
        header = str(outer["xqueue_header"])
        header.encode()
        return Pulled(
            header=header,
            code=_text(body["student_response"]),
            payload=_text(body.get("grader_payload", "")),
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise AuthorError(f"the queue holds something that is no submission: {error!r}") from error


def exercise(payload: str, known: Container[str]) -> str:
    """The exercise that a grader payload names, or "": its id, or a path that ends in it."""
    fields = _mapping(payload)
    named = fields.get("exercise") or fields.get("grader") or payload
    path = PurePosixPath(str(named))
    return next((name for name in (str(named), path.stem, path.name) if name in known), "")


def reply(report: Report) -> bytes:
    return _reply(report.outcome == "passed", fraction(report), feedback.html(report))


def trouble(found: Trouble) -> bytes:
    """Without an answer the same submission would come again and again, so the score is 0."""
    return _reply(correct=False, score=0.0, said=found.html)


def _reply(correct: bool, score: float, said: str) -> bytes:  # noqa: FBT001  (a field of JSON)
    return json.dumps({"correct": correct, "score": score, "msg": said}).encode()


def _text(value: Any) -> str:  # noqa: ANN401  (JSON)
    return value if isinstance(value, str) else json.dumps(value)


def _mapping(text: str) -> dict[str, Any]:
    """An object in JSON; of anything else, nothing."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}
