"""Gradescope's `submission_metadata.yml` → who handed in each folder, and when.

It carries the results of every submission, which may be most of it: it is read as a stream of
events, and only what is wanted is built.  Scalars stay text: `00123` and `1e5` are ids.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import yaml

from grader.classroom.intake.times import moment
from grader.errors import UsageError

# libyaml's reader is 10 times as fast; both build plain text for every tag.
_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_STARTS = (yaml.MappingStartEvent, yaml.SequenceStartEvent)
_ENDS = (yaml.MappingEndEvent, yaml.SequenceEndEvent)
_WANTED = ("submitters", "created_at")

Data = str | list["Data"] | dict[str, "Data"]


@dataclass(frozen=True, slots=True)
class Submitter:
    name: str
    sid: str
    email: str


@dataclass(frozen=True, slots=True)
class Entry:
    submitters: tuple[Submitter, ...]
    at: datetime | None


def entries(raw: bytes) -> dict[str, Entry]:
    """Folder → entry.  Raises UsageError for what is not such a file."""
    try:
        return {folder: _entry(data) for folder, data in _Events(raw).entries()}
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f", line {mark.line + 1}" if mark else ""
        raise _unusable(f"submission_metadata.yml{where} is not YAML") from None
    except RecursionError:
        raise _unusable("submission_metadata.yml is nested too deeply") from None


def _unusable(message: str) -> UsageError:
    return UsageError(message, hint="download the submissions again")


class _Events:
    def __init__(self, raw: bytes) -> None:
        self._events: Iterator[Any] = yaml.parse(raw, Loader=_LOADER)  # events share no base
        self._anchors: dict[str, Data] = {}

    def entries(self) -> Iterator[tuple[str, dict[str, Data]]]:
        if not any(isinstance(event, yaml.MappingStartEvent) for event in self._events):
            raise _unusable("submission_metadata.yml tells of no submission")
        for folder in self._keys():
            event = next(self._events)
            if isinstance(event, yaml.MappingStartEvent):
                yield folder, self._fields()
            else:
                self._skip(event)

    def _fields(self) -> dict[str, Data]:
        fields = {}
        for key in self._keys():
            name, event = key.lstrip(":"), next(self._events)
            if name in _WANTED:
                fields[name] = self._build(event)
            else:
                self._skip(event)
        return fields

    def _keys(self) -> Iterator[str]:
        """The keys of the mapping that was just begun; the caller takes each value."""
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            if isinstance(event, yaml.ScalarEvent):
                yield event.value
            else:
                self._skip(event)
                yield ""

    def _build(self, event: Any) -> Data:  # noqa: ANN401
        if isinstance(event, yaml.AliasEvent):
            return self._anchors.get(event.anchor or "", "")
        data: Data
        if isinstance(event, yaml.MappingStartEvent):
            data = {key: self._build(next(self._events)) for key in self._keys()}
        elif isinstance(event, yaml.SequenceStartEvent):
            data = []
            while not isinstance(inner := next(self._events), yaml.SequenceEndEvent):
                data.append(self._build(inner))
        else:
            data = event.value
        if event.anchor:
            self._anchors[event.anchor] = data
        return data

    def _skip(self, event: Any) -> None:  # noqa: ANN401
        depth = int(isinstance(event, _STARTS))
        while depth:
            event = next(self._events)
            depth += isinstance(event, _STARTS) - isinstance(event, _ENDS)


def _entry(fields: dict[str, Data]) -> Entry:
    submitters = fields.get("submitters")
    people = submitters if isinstance(submitters, list) else []
    return Entry(
        tuple(_submitter(person) for person in people if isinstance(person, dict)),
        _time(fields.get("created_at", "")),
    )


def _submitter(fields: dict[str, Data]) -> Submitter:
    plain = {key.lstrip(":"): _text(value) for key, value in fields.items()}
    return Submitter(plain.get("name", ""), plain.get("sid", ""), plain.get("email", ""))


def _text(value: Data) -> str:
    return value.strip() if isinstance(value, str) and value not in ("~", "null") else ""


def _time(value: Data) -> datetime | None:
    """A plain time, or Rails' TimeWithZone: a mapping that has it as `utc`."""
    return moment(_text(value.get("utc", "") if isinstance(value, dict) else value))
