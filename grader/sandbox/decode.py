"""What a box says → Run or Parsed.  Everything is checked; nothing is believed."""

from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from types import MappingProxyType
from typing import Any, TypeVar

from grader.model import (
    Array,
    Ended,
    Fact,
    Fault,
    Items,
    Leaf,
    Nothing,
    Number,
    Observation,
    Other,
    Parsed,
    Raised,
    Run,
    Step,
    Tensor,
    Text,
)
from grader.sandbox.box.kinds import KINDS, WARNINGS
from grader.sandbox.frames import BadMessage, message

_ENDED = {"timeout": Ended.TIMEOUT, "load_timeout": Ended.TIMEOUT, "memory": Ended.MEMORY}
_DEEPEST = 6
_MOST_NAMES = 256
_MOST_TEXT = 2000
_MOST_INTEGER = 1 << 63
_MOST_NAME = 100  # of a type
_MOST_LINES = 1_000_000
_LONGEST_LINE = 300  # a longer one is cut there; a caret is drawn under its columns
Form = Mapping[str, Any]  # what a message says, as JSON has it
Name = Any  # of an array in a form: as whoever keeps it has named it
Take = Callable[[Name], Array]


def run(frame: bytes) -> Run:
    """Decode what a run sends.  Raises BadMessage."""
    return _told(_run, frame)


def parsed(frame: bytes) -> Parsed:
    """Decode what the parser sends.  Raises BadMessage."""
    return _told(_parsed, frame)


def probed(frame: bytes) -> dict[str, str]:
    """Decode what the probes have found.  Raises BadMessage."""
    return _told(_probed, frame)


def kept(form: Form, take: Take) -> Run:
    """Decode what `encode` has made of a run.  Raises BadMessage.

    That was us: how it ended and what stopped it is known.
    """

    def known() -> Run:
        run = _run(form, take)
        fault = None if run.fault is None else replace(run.fault, kind=str(form["fault"]["kind"]))
        return replace(run, ended=Ended(form["ended"]), fault=fault)

    return _guarded(known)


_Decoded = TypeVar("_Decoded")


def _told(decode: Callable[[Form, Take], _Decoded], frame: bytes) -> _Decoded:
    """Each array stands for one tensor: one for a thousand would be compared a thousand times."""

    def told() -> _Decoded:
        data, arrays = message(frame)
        return decode(data, arrays.pop)

    return _guarded(told)


def _guarded(decode: Callable[[], _Decoded]) -> _Decoded:
    try:
        return decode()
    except BadMessage:
        raise
    except (LookupError, TypeError, AttributeError, ValueError, ArithmeticError) as error:
        raise BadMessage(f"the message has not the form it should have: {error!r:.200}") from None


def _probed(data: Form, _: Take) -> dict[str, str]:
    return {str(name): str(outcome) for name, outcome in dict(data["found"]).items()}


# --- a run ---------------------------------------------------------------------------------------


def _run(data: Form, take: Take) -> Run:
    fault = _fault(data.get("fault"))
    ended = Ended.FINISHED if fault is None else _ENDED.get(fault.kind, Ended.ERROR)
    steps = data.get("steps")
    return Run(
        ended=ended,
        observations=_observations(data["observations"], take),
        inputs_after=_observations(data.get("inputs", {}), take),
        steps=None if steps is None else tuple(_step(row, take) for row in steps[:1000]),
        fault=fault,
        cell_faults=tuple(f for f in map(_fault, data.get("cell_faults", ())[:100]) if f),
        warnings=tuple(sorted(WARNINGS & set(map(_text, data["warnings"][:50])))),
    )


def _observations(data: Form, take: Take) -> dict[str, Observation]:
    if len(data) > _MOST_NAMES:
        raise BadMessage("too many observations")
    return {_text(name): _observation(item, take) for name, item in data.items()}


def _observation(item: object, take: Take, depth: int = 0) -> Observation:  # noqa: C901  (a case a kind)
    match item:
        case {"t": "none"}:
            return Nothing()
        case {"t": "number", "v": bool() | float() as value}:
            return Number(value)
        case {"t": "number", "v": int(value)}:
            return Number(_integer(value))
        case {"t": "number", "v": "nan" | "inf" | "-inf" as value}:
            return Number(float(value))
        case {"t": "text", "v": str(value)}:
            return Text(_text(value))
        case {"t": "raised", "kind": str(kind)}:
            return Raised(_known(kind))
        case {"t": "numbers", "v": list(values)} if {*map(type, values)} <= {float}:
            return Items(tuple(map(Number, values)))
        case {"t": "items", "v": list(items)} if depth < _DEEPEST:
            return Items(tuple(_observation(part, take, depth + 1) for part in items))
        case {"t": "other", "type": str(name)}:
            return Other(_name(name))
        case {"t": "tensor", **told}:
            return _tensor(told, take)
    raise BadMessage("an observation of no known type")


def _tensor(item: Mapping[Any, Any], take: Take) -> Tensor:
    return Tensor(**{name: read(item[name], take) for name, read in _TENSOR.items()})


def _step(row: Form, take: Take) -> Step:
    loss = row["loss"]
    leaves = {
        _text(name): Leaf(take(value), _array(before, take), _array(after, take))
        for name, (value, before, after) in row["leaves"].items()
    }
    return Step(None if loss is None else float(loss), leaves)


def _array(name: Name | None, take: Take) -> Array | None:
    return None if name is None else take(name)


_Read = Callable[[Any, Take], Any]
_BY_TYPE: Mapping[object, _Read] = MappingProxyType(
    {
        Array: lambda item, take: take(item),
        Array | None: _array,
        bool: lambda item, _: item is True,
        int: lambda item, _: _integer(item),
        str: lambda item, _: _name(item),
        str | None: lambda item, _: None if item is None else _name(item),
    }
)
_TENSOR: Mapping[str, _Read] = MappingProxyType(
    {field.name: _BY_TYPE[field.type] for field in fields(Tensor)}
)


def _fault(data: Mapping[str, Any] | None) -> Fault | None:
    if data is None:
        return None
    return Fault(
        kind=_known(data["kind"]),
        type_name=_name(data.get("type", "")),
        message=_text(data.get("message", "")),
        place=_text(data.get("place", "")),
        line=_position(data.get("line"), _MOST_LINES),
        column=_position(data.get("column"), _LONGEST_LINE + 1),
        text=_text(data.get("text", ""))[:_LONGEST_LINE],
    )


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise BadMessage("a text is not a text")
    # A lone surrogate would break whoever prints it.
    return value[:_MOST_TEXT].encode("utf-8", "replace").decode()


def _name(value: object) -> str:
    """What Python calls a type; people give shorter ones."""
    return _text(value)[:_MOST_NAME]


def _known(kind: object) -> str:
    """A kind of error is shown for hidden cases too, so it must be one of ours."""
    return kind if isinstance(kind, str) and kind in KINDS else "other"


def _integer(value: object) -> int:
    if type(value) is not int or abs(value) > _MOST_INTEGER:
        raise BadMessage("a whole number is not one, or too large")
    return value


def _position(value: object, most: int) -> int | None:
    return value if type(value) is int and 0 <= value <= most else None


# --- a parse -------------------------------------------------------------------------------------


def _parsed(data: Form, _: Take) -> Parsed:
    faults = [fault for fault in map(_fault, data["faults"][:100]) if fault]
    return Parsed(
        fault=faults[0] if faults else None,
        blank={_text(hole): value is True for hole, value in data["blank"].items()},
        missing=tuple(map(_text, data["missing"])),
        answers={_text(name): _literal(value) for name, value in data["answers"].items()},
        facts=tuple(_fact(*fact) for fact in data["facts"][:5000]),
        given_edited=data["given_edited"] is True,
        skip_cells=tuple(_integer(n) for n in data["skip"]),
        notes=tuple(map(_text, data["notes"][:50])),
    )


def _literal(value: object, depth: int = 0) -> Observation:
    if value is None:
        return Nothing()
    if isinstance(value, bool | float):
        return Number(value)
    if isinstance(value, int):
        return Number(_integer(value))
    if isinstance(value, str):
        return Text(_text(value))
    if value == {} or (isinstance(value, list) and depth >= _DEEPEST):
        return Other("an expression")
    if isinstance(value, list):
        return Items(tuple(_literal(part, depth + 1) for part in value))
    raise BadMessage("an answer of no known type")


def _fact(kind: object, what: object, scope: object, place: object, line: object) -> Fact:
    return Fact(_text(kind), _text(what), _text(scope), _text(place), _integer(line))
