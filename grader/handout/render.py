"""Exercise → Handout."""

import importlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from grader.course.format import Exercise
from grader.course.parts.part import Span, Starter
from grader.course.places import substituted
from grader.course.regions import region_of
from grader.course.variants import open_inputs, variant_values
from grader.handout.starter import Pieces, pieces
from grader.handout.words import WIDTH, as_comment
from grader.model import Inputs

_RULE = "# " + "-" * (WIDTH - 2)


@dataclass(frozen=True, slots=True)
class Handout:
    """What a student gets.  `python` is the whole starter; `holes` are lines of it."""

    exercise: str
    variant: int
    title: str
    words: str  # Markdown
    pieces: Pieces
    python: str
    holes: Mapping[str, Span]

    @property
    def starters(self) -> tuple[Starter, ...]:
        return self.pieces.starters

    @property
    def names(self) -> tuple[str, ...]:
        """Top-level names that a submission must have."""
        return tuple(name for starter in self.starters for name in starter.names)

    @property
    def asks(self) -> tuple[str, ...]:
        return tuple(name for starter in self.starters for name in starter.asks)

    @property
    def given(self) -> tuple[str, ...]:
        return tuple(name for starter in self.starters for name in starter.given)


@lru_cache(maxsize=256)  # a class has a few variants of one exercise at a time
def handout(exercise: Exercise, variant: int, course_id: str) -> Handout:
    """Render one open variant.  Nothing of a hole, of the drive or of the docstring is in it."""
    values = variant_values(exercise, variant, course_id)
    title = substituted(exercise.file.title, values)
    words = substituted(exercise.file.instructions, values).strip()
    cut = pieces(exercise, values, _shown_cases(exercise, variant, course_id))
    top = f"{title}\n{'=' * len(title)}\n\n{words}\n\n{_how_to(exercise.id, 'py')}"
    python, holes = _python(f"{header(exercise.id, variant)}\n#\n{as_comment(top)}\n", cut)
    return Handout(exercise.id, variant, title, words, cut, python, holes)


def header(exercise_id: str, variant: int) -> str:
    """The line by which a file is recognised whatever its name."""
    return f"# grade: {exercise_id} format=1 variant={variant}"


def as_notebook(handout: Handout) -> str:
    """The handout as a notebook: Markdown for words, a cell for each part's code."""
    # Slow, and not needed for a .py; it has no types.
    v4: Any = importlib.import_module("nbformat.v4")

    top = f"# {handout.title}\n\n{handout.words}\n\n{_how_to(handout.exercise, 'ipynb')}"
    setup = f"{header(handout.exercise, handout.variant)}\n\n{handout.pieces.preamble}"
    cells = [
        v4.new_markdown_cell(top, id="words"),
        v4.new_code_cell(setup.strip(), id="setup"),
    ]
    for starter in handout.starters:
        id_ = region_of(starter.part)[:50]
        words = f"## {starter.title}\n\n{starter.words.strip()}"
        cells.append(v4.new_markdown_cell(words.strip(), id=f"{id_}-words"))
        cells.append(v4.new_code_cell(starter.text, id=f"{id_}-code"))
    if handout.pieces.tail:
        cells.append(v4.new_code_cell(handout.pieces.tail, id="tail"))
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    text: str = v4.writes(v4.new_notebook(cells=cells, metadata={"kernelspec": kernel}))
    return f"{text.rstrip()}\n"


def _shown_cases(exercise: Exercise, variant: int, course_id: str) -> dict[str, Inputs]:
    """Script part → the inputs of its first open case, which its `given` block shows."""
    return {
        part.id: next(iter(open_inputs(exercise, part, variant, course_id).values()))
        for part in exercise.parts
        if part.given(exercise.solution)
    }


def _python(top: str, cut: Pieces) -> tuple[str, dict[str, Span]]:
    """One file of all pieces, and where each hole came to stand in it."""
    text = f"{top}\n{cut.preamble}\n" if cut.preamble else top
    holes: dict[str, Span] = {}
    for starter in cut.starters:
        words = as_comment(f"{starter.title}\n\n{starter.words.strip()}".strip())
        text += f"\n\n{_RULE}\n{words}\n{_RULE}\n\n\n"
        above = text.count("\n")
        for name, (first, last) in starter.holes.items():
            holes[name] = (above + first, above + last)
        text += f"{starter.text}\n"
    return (f"{text}\n\n{cut.tail}\n" if cut.tail else text), holes


def _how_to(name: str, suffix: str) -> str:
    return (
        "Write your code where the TODOs are and leave the rest as it is. "
        f"`grade submit {name}.{suffix}` grades it, as often as you like; "
        f"`grade hint {name}` gives the next hint."
    )
