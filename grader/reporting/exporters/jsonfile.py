"""Report → JSON, and the JSON Schema it keeps to."""

import json
import re

from grader.reporting.exporters.text import clean
from grader.reporting.shown import Report

_COMMAND = re.compile(r"##([A-Za-z]*)\[")


def export(report: Report) -> bytes:
    page = clean(report).model_dump_json(by_alias=True, indent=2)
    # An old pipeline obeys `##[…]` in the middle of a line; in JSON it can be spelt otherwise.
    return _COMMAND.sub(r"##\1\\u005b", page).encode() + b"\n"


def schema() -> str:
    """The text of report.schema.json."""
    fields = Report.model_json_schema(mode="serialization", by_alias=True)
    whole = {"$schema": "https://json-schema.org/draft/2020-12/schema", **fields}
    return json.dumps(whole, indent=2) + "\n"
