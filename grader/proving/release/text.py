"""Bytes → the texts that they can be read as."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

import yaml

# What an author says to students, and may quote code.
_WORDS = frozenset(
    {"title", "instructions", "task", "program", "say", "start", "hints", "sources", "topics"}
)
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Reading:
    text: str
    for_students: bool = False  # an author's own words


def squeezed(text: str) -> str:
    return re.sub(r"[\s#]+", "", text)


def readings(raw: bytes, name: str) -> list[Reading]:
    """Every text in a YAML or JSON file, without its escapes; other text as it is."""
    text = raw.decode(errors="replace")
    try:
        if name.endswith((".yaml", ".yml")):
            return [*_strings(yaml.load(text, _LOADER))]  # noqa: S506  (a safe loader)
        if name.endswith((".json", ".ipynb")):
            return [*_strings(json.loads(text))]
    except (ValueError, yaml.YAMLError, RecursionError):
        pass
    return [Reading(text)]


def _strings(value: object, *, for_students: bool = False) -> Iterator[Reading]:
    if isinstance(value, str):
        yield Reading(value, for_students)
    elif isinstance(value, list):
        for entry in value:
            yield from _strings(entry, for_students=for_students)
    elif isinstance(value, dict):
        for key, entry in value.items():
            yield Reading(str(key))
            yield from _strings(entry, for_students=for_students or key in _WORDS)
