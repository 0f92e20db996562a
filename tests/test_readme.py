"""README's map of the code is the code's."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PACKAGE = ROOT / "grader"


def rooms() -> list[str]:
    """The rooms and modules at the top of `grader/` as the map names them, in its order."""
    (below,) = re.findall(r"^grader/\n((?:  .*\n)+)", README, re.MULTILINE)
    lines = [line for line in below.splitlines() if not line.startswith("    ")]
    named = [name for line in lines for name in re.findall(r"\b(\w+)(?:\.py|/)", line[:26])]
    return [name.removesuffix(".py") for name in named]


def test_the_map_names_every_room() -> None:
    here = {path.stem for path in PACKAGE.iterdir() if path.suffix == ".py" or path.is_dir()}

    assert set(rooms()) == here - {"__init__", "__main__", "__pycache__", "released"}


def test_the_map_stands_in_the_order_of_the_contract() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    contract = settings["tool"]["importlinter"]["contracts"][0]["layers"]
    order = [name for layer in reversed(contract) for name in layer.split(" | ")]

    assert [n for n in rooms() if n in order and (PACKAGE / n).is_dir()] == [
        n for n in order if (PACKAGE / n).is_dir()
    ]


def test_what_the_map_names_in_a_room_is_there() -> None:
    for room, told in re.findall(r"^  (\w+)/ +(.*)$", README, re.MULTILINE):
        if (PACKAGE / room).is_dir():
            for name in re.findall(r"\b(\w+(?:\.py|/))(?=[:,; ]|$)", told):
                assert (PACKAGE / room / name).exists(), f"{room}/{name}"
