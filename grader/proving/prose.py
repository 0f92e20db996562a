"""Code blocks in an exercise's words: they run, and print what the words say.

A ```python block that is followed by a ```text block is run and its output compared ("..." stands
for anything); any other ```python block must at least be valid Python.
"""

import ast
import doctest
import re
from collections.abc import Iterator

from grader.course import places, variants
from grader.course.format import Exercise
from grader.model import Text
from grader.sandbox.cache import RunCache
from grader.sandbox.jobs import program_job
from grader.sandbox.limits import Limits

_BLOCK = re.compile(
    r"^```python\n(?P<code>.*?)^```\s*(?:^```text\n(?P<shown>.*?)^```)?", re.MULTILINE | re.DOTALL
)
_RUN = """
import contextlib, io
printed = io.StringIO()
with contextlib.redirect_stdout(printed):
    try:
        exec({code!r}, {{}})
    except Exception as error:
        print(f"{{type(error).__name__}}: {{error}}")
__ask__("printed", printed.getvalue)
"""
_ALIKE = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


def has_blocks(exercise: Exercise) -> bool:
    return any(_BLOCK.search(words) for words in _words(exercise))


def stale_block(exercise: Exercise, runs: RunCache, course: str) -> str:
    """What is wrong with the first bad block; nothing if all are good."""
    values = variants.variant_values(exercise, 0, course)
    blocks = [
        (block["code"], block["shown"])
        for words in _words(exercise)
        for block in _BLOCK.finditer(places.substituted(words, values))
    ]
    return next(filter(None, (_fault(code, shown, runs) for code, shown in blocks)), "")


def _fault(code: str, shown: str | None, runs: RunCache) -> str:
    first = code.strip().splitlines()[0] if code.strip() else ""
    try:
        ast.parse(code)
    except SyntaxError as error:
        return f"the block that begins {first!r} is not Python: {error.msg}"
    if shown is None:
        return ""
    (run,) = runs.run([program_job(_RUN.format(code=code), ("printed",), Limits())])
    seen = run.observations.get("printed")
    printed = seen.value if isinstance(seen, Text) else ""
    if doctest.OutputChecker().check_output(shown, printed, _ALIKE):
        return ""
    return f"the block that begins {first!r} prints {printed.strip()!r}, not {shown.strip()!r}"


def _words(exercise: Exercise) -> Iterator[str]:
    yield exercise.file.instructions
    for part in exercise.parts:
        yield part.task
