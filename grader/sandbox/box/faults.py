"""An exception → what is told of it: its kind, its words, and where in the submission it was."""

import traceback
from typing import Any

from . import kinds, source
from .loading import OutOfTime


def fault_of(error: BaseException, places: set[str]) -> dict[str, Any]:
    """Kind, words, and the last line of the student's that led to it."""
    message = _text(error)
    fault = {"kind": _kind(error, message), "type": type(error).__name__, "message": message}
    if isinstance(error, SyntaxError) and error.filename in places:
        return source.syntax_fault(error, str(error.filename))
    if isinstance(error, OutOfTime) and error.at is not None:
        return {**fault, "place": error.at[0], "line": error.at[1]}
    frames = traceback.extract_tb(error.__traceback__)
    if isinstance(error, OSError) and kinds.in_processes(frame.filename for frame in frames):
        fault["kind"] = "process_refused"
    own = [frame for frame in frames if frame.filename in places]
    if own:
        last = own[-1]
        return {
            **fault,
            "place": last.filename,
            "line": last.lineno,
            "text": (last.line or "")[:300],
        }
    if fault["kind"] in ("other", "grad_none_math") and any(f.filename == "drive" for f in frames):
        fault["kind"] = kinds.call_kind(error, message)
    return fault


def _kind(error: BaseException, message: str) -> str:
    if isinstance(error, OutOfTime):
        return "timeout" if error.at is None else "load_timeout"
    return kinds.error_kind(error, message)


def _text(error: BaseException) -> str:
    try:
        return str(error)[:1000]
    except Exception:  # a student's own __str__
        return ""
