"""Plain data → a mapping of the course format, or every problem of it in words."""

import json
import re
from collections.abc import Mapping
from difflib import get_close_matches
from textwrap import shorten
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from grader.course.document import Data, Document, Keys, Problem, children

Model = TypeVar("Model")
# JSON Schema is a tree of anything.
Schema = Mapping[str, Any]

_KINDS = {
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "string_type": "a text",
    "list_type": "a list",
    "tuple_type": "a list",
    "dict_type": "a mapping",
    "model_type": "a mapping",
    "model_attributes_type": "a mapping",
}
_EXPONENT = re.compile(r"(?P<sign>[-+]?)(?P<whole>\d+)(\.(?P<part>\d*))?[eE](?P<power>[-+]?\d+)")


def validated(
    adapter: TypeAdapter[Model], document: Document, keys: Keys = ()
) -> Model | list[Problem]:
    """Read what stands at `keys` of a document: the model, or what is wrong with it."""
    data = document.at(keys)
    try:
        # As JSON: a YAML list may then become a tuple though the models are strict.
        return adapter.validate_json(json.dumps(data))
    except ValidationError as error:
        schema = adapter.json_schema()
        return _problems(error.errors(include_url=False), schema, document, keys)


def _problems(
    details: list[ErrorDetails], schema: Schema, document: Document, base: Keys
) -> list[Problem]:
    """One problem a place; of a union only the member that came furthest."""
    places: dict[Keys, list[ErrorDetails]] = {}
    for detail in details:
        keys = base + _located(document.at(base), detail)
        places.setdefault(keys, []).append(detail)
    problems = []
    for keys, found in places.items():
        deeper = any(other[: len(keys)] == keys != other for other in places)
        if deeper and all(detail["type"] in _KINDS for detail in found):
            continue
        about_key = found[0]["type"] == "extra_forbidden" or "[key]" in found[0]["loc"]
        place = document.keys.get(keys) if about_key else None
        problems.append(Problem(keys, _says(found, schema), place))
    return problems


def _located(data: Data, detail: ErrorDetails) -> Keys:
    """Where an error stands in the file: pydantic's path also names members of unions."""
    keys: list[str | int] = []
    for key in detail["loc"]:
        if key in children(data):
            data = children(data)[key]
        elif detail["type"] != "missing" or key != detail["loc"][-1]:
            continue
        keys.append(key)
    return tuple(keys)


def _says(details: list[ErrorDetails], schema: Schema) -> str:
    """What was found; what is allowed."""
    detail = details[0]
    context = detail.get("ctx", {})
    match detail["type"]:
        case "missing":
            return "is missing"
        case "extra_forbidden":
            return _unknown_key(str(detail["loc"][-1]), _fields(schema, detail["loc"][:-1]))
        case "union_tag_not_found":
            return f"has no {context['discriminator']}"
        case "union_tag_invalid":
            asked = context["discriminator"].strip("'")
            return f"found {context['tag']!r} as {asked}; allowed: {context['expected_tags']}"
        case "value_error":
            return str(context["error"])
        case "string_pattern_mismatch":
            found = _found(detail["input"])
            return f"found {found}; allowed: what matches {context['pattern']}"
    if all(each["type"] in _KINDS for each in details):
        return _wrong_type(details)
    allowed = re.sub(r"^(Input|Value|String|Tuple|Dictionary) should ", "", detail["msg"])
    return f"found {_found(detail['input'])}; should {allowed}"


def _unknown_key(key: str, fields: list[str]) -> str:
    close = get_close_matches(key, fields, n=1)
    guess = f"; did you mean `{close[0]}`?" if close else ""
    return f"unknown key{guess}; allowed: {', '.join(fields)}"


def _wrong_type(details: list[ErrorDetails]) -> str:
    kinds = list(dict.fromkeys(_KINDS[detail["type"]] for detail in details))
    if "a number" in kinds and "a whole number" in kinds:
        kinds.remove("a whole number")
    found = details[0]["input"]
    says = f"found {_found(found)}; allowed: {' or '.join(kinds)}"
    return says + (_as_number(found) if isinstance(found, str) and "number" in says else "")


def _as_number(text: str) -> str:
    """How to write a number that YAML reads as a text."""
    number = _EXPONENT.fullmatch(text)
    if number:
        power = number["power"] if number["power"][0] in "-+" else f"+{number['power']}"
        part = number["part"] or "0"
        return f"; write {number['sign']}{number['whole']}.{part}e{power}"
    return "; write it without quotes" if re.fullmatch(r"[-+]?\d+(\.\d*)?", text) else ""


def _found(value: object) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return str(value).lower()
    kinds = ((str, "the text "), (list, "the list "), (dict, "the mapping "))
    kind = "".join(word for type_, word in kinds if isinstance(value, type_))
    return kind + shorten(repr(value), 60, placeholder=" …")


# --- what a mapping may hold, by its JSON Schema -------------------------------------------------


def _fields(schema: Schema, loc: tuple[str | int, ...]) -> list[str]:
    here = schema
    for key in loc:
        here = _inside(here, key, schema.get("$defs", {}))
    here = _resolved(here, schema.get("$defs", {}))
    options = [_resolved(each, schema.get("$defs", {})) for each in here.get("anyOf", [here])]
    return [name for option in options for name in option.get("properties", {})]


def _inside(schema: Schema, key: str | int, defs: Schema) -> Schema:
    here = _resolved(schema, defs)
    if isinstance(key, int):
        found: Schema = here.get("items", {})
        return found
    for option in here.get("anyOf", ()):
        # Pydantic's path names the member of a union, but not that of `X | None`.
        inner = option if option.get("$ref", "").endswith(f"/{key}") else None
        inner = inner or _inside(option, key, defs)
        if inner:
            return inner
    mapping = here.get("discriminator", {}).get("mapping", {})
    if key in mapping:
        return {"$ref": mapping[key]}
    if key in here.get("properties", {}):
        member: Schema = here["properties"][key]
        return member
    by_pattern = list(here.get("patternProperties", {}).values())
    values = [here.get("additionalProperties"), *by_pattern]
    return next((each for each in values if isinstance(each, dict)), {})


def _resolved(schema: Schema, defs: Schema) -> Schema:
    name = schema.get("$ref", "").rpartition("/")[2]
    found: Schema = defs.get(name, schema)
    return found
