"""The `predict` kind: a program to read, and what it really does."""

import re
from collections.abc import Iterable, Iterator
from typing import Literal

from grader.course.document import Keys, Problem
from grader.course.parts.part import AnswerPart, AtKey, Words
from grader.course.places import substituted
from grader.model import Inputs

_ASK = re.compile(r"^(?P<indent>\s*)#\? (?P<name>[A-Za-z_][A-Za-z0-9_]*) = (?P<code>.+)$")


class PredictPart(AnswerPart):
    """A program to read; `#? name = expression` marks what is asked.  The key is computed."""

    kind: Literal["predict"]
    program: Words

    @property
    def asks(self) -> dict[str, str]:
        found = (_ASK.match(line) for line in self.program.splitlines())
        return {ask["name"]: ask["code"] for ask in found if ask}

    def source(self, values: Inputs) -> str:
        """The program itself; every `#? name = expression` becomes a recording."""
        lines = [
            _ASK.sub(r"\g<indent>__ask__('\g<name>', lambda: \g<code>)", line)
            for line in substituted(self.program, values).splitlines()
        ]
        return "\n".join(["import torch", *lines, ""])

    def question(self) -> str:
        program = "\n".join(_question(line) for line in self.program.strip("\n").splitlines())
        return f"```python\n{program}\n```"

    def problems(self, keys: Keys, known: Iterable[str], at_key: AtKey) -> Iterator[Problem]:
        """Each hole is asked for once, and each ask has its hole."""
        asks = [ask["name"] for ask in map(_ASK.match, self.program.splitlines()) if ask]
        program = (*keys, "program")
        for name in sorted({name for name in asks if asks.count(name) > 1}):
            yield Problem(program, f"asks for {name!r} more than once; a name stands once")
        for name in self.todo.keys() - set(asks):
            says = f"the program does not ask for it; asked: {', '.join(asks) or 'nothing'}"
            yield at_key((*keys, "todo", name), says)
        for name in asks:
            if name not in self.todo:
                yield Problem(program, f"asks for {name!r}, which is not in `todo`")
        yield from super().problems(keys, known, at_key)


def _question(line: str) -> str:
    """`#? first = x.grad` as the student reads it."""
    ask = _ASK.match(line)
    return f"{ask['indent']}# {ask['name']}: what is {ask['code']} here?" if ask else line
