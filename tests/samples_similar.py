"""A class that is made up: authors who write each for themselves, and some who copy.

The exercise is the training loop by hand; the same seed makes the same class.  What is written need
not be right: it has to vary as people do, in ideas, names, order, comments, layout and mistakes.
"""

import json
import random
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from grader.classroom.similar.work import Work
from tests.samples_similar_copies import COPIES
from tests.samples_similar_ideas import EXTRAS, IDEAS, LEAD, NAMES, SAID, TAIL, far, spun

PARTIAL = "half copied"

STARTER_HEAD = '''\
# grade: ex4 format=1 variant=0
#
# A training loop by hand
import torch


def fit(
    X: torch.Tensor, y: torch.Tensor, w0: float, b0: float, lr: float, steps: int
) -> tuple[torch.Tensor, torch.Tensor, list[float]]:
    """Fit y ≈ w * X + b by gradient descent; return w, b and the loss of every step."""
    w = torch.tensor(w0, requires_grad=True)
    b = torch.tensor(b0, requires_grad=True)
    losses: list[float] = []

'''
HOLES = ("forward", "loss", "backward", "update", "zero")
ORDERS = (  # of most people first
    ("forward", "loss", "record", "backward", "update", "zero", "peek"),
    ("forward", "loss", "backward", "record", "update", "zero", "peek"),
    ("forward", "loss", "backward", "update", "zero", "record", "peek"),
    ("forward", "loss", "peek", "record", "backward", "update", "zero"),
)
STARTER = (
    STARTER_HEAD
    + "    for _ in range(steps):\n"
    + "".join(f"        # TODO {n}: {hole}\n        ...\n\n" for n, hole in enumerate(HOLES, 1))
    + "    return w, b, losses\n"
)


@dataclass(frozen=True, slots=True)
class Author:
    """What one person has in mind, before it is written down."""

    seed: str
    ideas: Mapping[str, str]
    order: tuple[str, ...]
    names: Mapping[str, str]

    def file(self) -> str:
        """The file as this person writes it."""
        return _written(self, random.Random(f"{self.seed} file"))  # noqa: S311  (made up, no secret)


def author(seed: str) -> Author:
    draw = random.Random(seed)  # noqa: S311  (made up, no secret)
    taste = draw.choice((0.3, 0.5, 0.7))  # how far from what everybody writes
    ideas = {hole: spun(f"<{'|'.join(idea)}>", draw, taste) for hole, idea in IDEAS.items()}
    names = {name: draw.choice(among) for name, among in NAMES.items()}
    return Author(seed, ideas, ORDERS[far(draw, taste, len(ORDERS))], names)


def _written(author: Author, draw: random.Random) -> str:
    remarks = draw.choice((0.0, 0.2, 0.9))
    keeps_todos, annotated = draw.random() < 0.6, draw.random() < 0.7
    body = ""
    for step in author.order:
        if keeps_todos and step in HOLES:
            body += f"        # TODO {HOLES.index(step) + 1}: {step}\n"
        elif draw.random() < remarks and step in SAID:
            said = draw.choice(LEAD) + draw.choice(SAID[step]) + draw.choice(TAIL)
            body += f"        # {_mistyped(said, draw)}\n"
        body += _indented(author.ideas[step], 8)
        body += "\n" if draw.random() < 0.5 else ""
    head = STARTER_HEAD if annotated else re.sub(r": (torch\.Tensor|float|int)", "", STARTER_HEAD)
    own = _indented(f"{author.ideas['start']}\n{author.ideas['loop']}", 4) + body
    named = re.sub(r"\b[A-Z]+\b", lambda found: author.names.get(found[0], found[0]), own)
    tail = _tail(draw) if draw.random() < 0.25 else ""
    return head + _laid_out(named, draw) + "    return w, b, losses\n" + tail


def _indented(code: str, depth: int) -> str:
    return "".join(f"{' ' * depth}{line}\n" for line in code.split("\n") if line)


def _tail(draw: random.Random) -> str:
    code = spun(draw.choice(EXTRAS), draw, 0.7)
    return re.sub(r"\bNUM\b", lambda _: str(draw.randrange(1, 60)), code)


def _mistyped(said: str, draw: random.Random) -> str:
    if draw.random() > 0.15:
        return said
    at = draw.randrange(len(said) - 1)
    return said[:at] + said[at + 1] + said[at] + said[at + 2 :]


def _laid_out(code: str, draw: random.Random) -> str:
    habits = {" ** ": "**", " * ": "*", " - ": "-", " = ": "="}
    for usual, own in habits.items():
        if draw.random() < 0.25:
            code = code.replace(usual, own)
    return code


def half(source: Author, copier: Author) -> str:
    """The first half is another's, the rest and the hand are one's own."""
    taken = {step: source.ideas[step] for step in ("start", "forward", "loss", "record")}
    names = {**source.names, **{name: copier.names[name] for name in ("P", "I", "GW", "GB")}}
    return Author(copier.seed, {**copier.ideas, **taken}, source.order, names).file()


@dataclass(frozen=True, slots=True)
class MadeClass:
    """Files by student, and the pairs that were planted, each with how it was copied."""

    files: Mapping[str, str]
    planted: Mapping[frozenset[str], str]


def made_class(honest: int, copies: int, seed: int = 0) -> MadeClass:
    """A class of `honest` authors, and `copies` more of each kind who copy from one of them."""
    authors = {f"s{n:04}": author(f"{seed} {n}") for n in range(honest)}
    files = {student: author.file() for student, author in authors.items()}
    planted: dict[frozenset[str], str] = {}
    draw = random.Random(seed)  # noqa: S311  (made up, no secret)
    sources = draw.sample(sorted(authors), copies * (len(COPIES) + 1))
    for number in range(copies):
        for kind in (*COPIES, PARTIAL):
            source, copier = sources.pop(), f"c{len(planted):04}"
            planted[frozenset((source, copier))] = kind
            if kind == PARTIAL:
                files[copier] = half(authors[source], author(f"{seed} own {number}"))
            else:
                files[copier] = COPIES[kind](files[source], draw)
    return MadeClass(files, planted)


def works(files: Mapping[str, str]) -> list[Work]:
    """One work of each student."""
    return [
        Work((who,), "ex4.py", f"{who}/ex4.py", partial(code, text)) for who, text in files.items()
    ]


def code(text: str) -> str:
    """The code of a file, which may be a notebook."""
    if not text.startswith('{"cells"'):
        return text
    return "\n".join(cell["source"] for cell in json.loads(text)["cells"])
