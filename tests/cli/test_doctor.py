import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from grader.cli import doctor
from grader.cli.commands import main
from grader.model import Isolation
from grader.sandbox import layers
from grader.sandbox.box.isolation.attacks import ATTACKS
from grader.sandbox.box.isolation.channels import CHANNELS
from grader.sandbox.box.isolation.lacks import Refusal
from grader.sandbox.box.isolation.modes import MODES
from grader.sandbox.box.isolation.probes import STOPPED, WORKS
from grader.sandbox.client import Sandbox
from grader.sandbox.layers import Grouping

ROOT = Path(__file__).parents[2]
FOUND = dict.fromkeys([*ATTACKS, *CHANNELS, "many threads"], STOPPED) | {"time": WORKS}


def told(*more: str) -> Result:
    return CliRunner().invoke(main, ["--course", str(ROOT), "doctor", *more])


@pytest.fixture(scope="module")
def page() -> str:
    done = told()
    assert done.exit_code == 0, done.output
    return done.stdout


def test_it_says_what_is_there(page: str) -> None:
    findings = {line.split()[1]: line for line in page.split("\n\n", maxsplit=1)[0].splitlines()}

    names = ["machine", "versions", "course", "cache", "attempts", "box", "isolation"]
    assert list(findings) == names
    assert str(ROOT) in findings["course"]


def test_each_layer_was_tried(page: str) -> None:
    rows = page.split("\n\n")[1]

    for name in layers.ATTACKS:
        assert f"  ok    {name:13}" in rows
    assert "backward, two" in " ".join(rows.split())


def test_it_fits_a_terminal(page: str) -> None:
    """But for the first lines, which name folders."""
    assert max(len(line) for line in page.split("\n\n", 1)[1].splitlines()) <= 100


def test_json_says_the_same() -> None:
    data = json.loads(told("--format", "json").stdout)

    assert {found["name"]: found["fine"] for found in data["findings"]}["isolation"]
    assert data["isolation"]["mode"] in MODES
    assert {layer["name"] for layer in data["layers"]} >= set(layers.ATTACKS)


def test_every_attack_has_its_layer() -> None:
    """So that none is left out of the count."""
    named = [attack for names in layers.ATTACKS.values() for attack in names]

    assert sorted(named) == sorted([*ATTACKS, *CHANNELS, "many threads"])


def test_a_fence_that_does_not_hold_is_a_failure() -> None:
    found = {**FOUND, "read a secret": "OPEN: 6 bytes were read", "time": "broken: OSError"}

    rows = {layer.name: layer for layer in layers.layers("c", found, Grouping("v2"))}

    assert rows["files"].wrong == {"read a secret": "OPEN: 6 bytes were read"}
    assert rows["honest code"].wrong == {"time": "broken: OSError"}
    assert not rows["network"].wrong
    confinement = doctor.Confinement(Isolation("c", "strong", ()), list(rows.values()), [])
    assert not confinement.finding.fine
    assert "FAIL  files" in "\n".join(doctor._lines([], confinement))


def test_what_a_mode_lets_through_is_named_not_counted() -> None:
    found = {**FOUND, "read /proc": "OPEN: 900 bytes were read"}

    (files,) = (row for row in layers.layers("d", found, Grouping("v2")) if row.name == "files")

    assert (files.wrong, files.known) == ({}, ("read /proc",))
    assert any("(9 of 10 stopped)" in line for line in doctor._row(files))


def test_a_group_that_is_not_there_is_said_with_its_reason() -> None:
    *_, group, _ = layers.layers("b", FOUND, Grouping(why_not=Refusal("not delegated to us")))

    assert next(doctor._row(group)) == "  --    control group  none: not delegated to us"


def test_without_any_fence_the_machine_is_not_fine() -> None:
    with Sandbox(mode="plain") as sandbox:
        confinement = doctor._confinement(sandbox)

    assert not confinement.finding.fine
    assert any(layer.wrong for layer in confinement.layers)


def test_better_modes_that_were_refused_come_with_a_remedy() -> None:
    refused = doctor.Refused("mode b, namespaces", "unshare: No space left", "sysctl -w a=1")
    confinement = doctor.Confinement(Isolation("c", "strong", ("a, b",)), [], [refused])

    text = "\n".join(doctor._lines([], confinement))

    assert "  - mode b, namespaces: unshare: No space left\n    to get it: sysctl -w a=1" in text
    assert "What is missing:\n  - a, b" in text
