"""Every format: it takes every report, and nothing a student writes can act in it; JSON."""

import json
import re
import subprocess
import sys
import unicodedata
from pathlib import Path

import jsonschema
import pytest

from grader.reporting.exporters import EXPORTERS, jsonfile
from grader.reporting.report import Audience, Report
from tests.samples_report import SAMPLES, exported, shown

ROOT = Path(__file__).parents[2]
SCHEMA = json.loads((Path(jsonfile.__file__).parent / "report.schema.json").read_text())


@pytest.mark.parametrize("audience", Audience)
@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.parametrize("form", EXPORTERS)
def test_every_format_takes_every_report(form: str, name: str, audience: Audience) -> None:
    page = exported(form, name, audience)

    assert page.endswith("\n")
    assert len(page) < 1_000_000


@pytest.mark.parametrize("form", EXPORTERS)
def test_nothing_invisible_is_left(form: str) -> None:
    """No escape sequence, bidi override, zero-width character or surrogate reaches a reader."""
    page = exported(form, "hostile")

    found = {c for c in page if unicodedata.category(c) in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}}
    assert found <= {"\n"}
    assert "\u3164" not in page
    assert "\\u202e" in page.replace("\\\\u", "\\u")


@pytest.mark.parametrize("form", EXPORTERS)
def test_no_line_is_a_command_to_a_pipeline(form: str) -> None:
    page = exported(form, "hostile")

    assert not re.search(r"^\s*::", page, re.MULTILINE)
    assert not re.search(r"##([a-z]+)?\[", page)


@pytest.mark.parametrize(
    ("form", "library"), [("json", "rich"), ("json", "jinja2"), ("terminal", "jinja2")]
)
def test_a_format_imports_only_its_own_library(form: str, library: str) -> None:
    program = (
        "import sys\n"
        "from grader.reporting.exporters import EXPORTERS\n"
        "from grader.reporting.report import Audience, report\n"
        "from tests.samples_report import passed\n"
        f"EXPORTERS[{form!r}](report(passed(), Audience.STUDENT))\n"
        f"print({library!r} in sys.modules)\n"
    )

    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert done.stdout == "False\n"


def test_the_table_of_exporters_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        EXPORTERS["json"] = jsonfile.export  # type: ignore[index]


@pytest.mark.parametrize("audience", Audience)
@pytest.mark.parametrize("name", SAMPLES)
def test_json_keeps_to_its_schema(name: str, audience: Audience) -> None:
    jsonschema.validate(
        json.loads(exported("json", name, audience), parse_constant=pytest.fail),
        SCHEMA,
        cls=jsonschema.Draft202012Validator,
    )


def test_the_schema_is_the_one_of_the_report() -> None:
    """If not: write `jsonfile.schema()` to grader/reporting/exporters/report.schema.json."""
    assert json.loads(jsonfile.schema()) == SCHEMA


def test_no_object_of_the_schema_takes_unknown_keys() -> None:
    objects = [SCHEMA, *(made for made in SCHEMA["$defs"].values() if "properties" in made)]

    assert len(objects) > 10
    assert all(made["additionalProperties"] is False for made in objects)


def test_json_has_the_keys_that_were_promised() -> None:
    page = json.loads(exported("json", "matched"))

    assert page["schema"] == "grader/report/v1"
    assert (page["outcome"], page["points"], page["max_points"]) == ("failed", 3.33, 10.0)
    assert list(page["checks"][1]["cases"][1]) == ["id", "hidden", "ended", "outcome", "message"]
    assert page["diagnosis"][0]["id"] == "no-zero-grad"
    assert page["exhibits"][0]["grads"][2]["got"] is None


def test_json_can_be_read_back_into_a_report() -> None:
    kept = Report.model_validate_json(exported("json", "matched"))

    assert kept == shown("matched")


def test_losses_that_are_no_numbers_are_words_in_json() -> None:
    curve = json.loads(exported("json", "hostile", Audience.TEACHER))["exhibits"][0]["curves"][0]

    assert curve["values"][:3] == ["NaN", 1.0, "-Infinity"]
