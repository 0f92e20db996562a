"""Markdown → lines that fit into a comment."""

import re
import textwrap
from collections.abc import Iterator

WIDTH = 96
_FENCE = re.compile(r"\s*(```|~~~)")
_LIST = re.compile(r"(?P<lead>\s*([-*+]|\d+[.)])\s+)(?P<text>.*)")
_VERBATIM = re.compile(r"\s*([#|>]|-{3,}$|={3,}$)")
# Never broken: TeX and code within a line.
_WHOLE = re.compile(r"\$[^$]+\$|`[^`]+`")
_SPACE = "\0"


def as_comment(words: str, width: int = WIDTH) -> str:
    """Wrap paragraphs; leave TeX, tables and code as they are; put `# ` in front of each line."""
    return "\n".join(f"# {line}".rstrip() for line in _wrapped(words, width - 2))


def _wrapped(words: str, width: int) -> Iterator[str]:
    lines = iter(words.strip("\n").splitlines())
    open_: list[str] = []  # the paragraph that is being read; its first line keeps its indentation
    for line in lines:
        if _is_text(line, after=open_):
            if _LIST.match(line):
                yield from _flowed(open_, width)
                open_ = []
            open_.append(line)
            continue
        yield from _flowed(open_, width)
        open_ = []
        yield from _block(line, lines)
    yield from _flowed(open_, width)


def _is_text(line: str, *, after: list[str]) -> bool:
    """Whether a line belongs to a paragraph; four blanks make code, but not within one."""
    if not line.strip() or _FENCE.match(line) or _VERBATIM.match(line):
        return False
    return not line.lstrip().startswith("$$") and (bool(after) or not line.startswith("    "))


def _block(line: str, lines: Iterator[str]) -> Iterator[str]:
    """What is not wrapped: a blank line, a heading, a table row, TeX, code."""
    fence = _FENCE.match(line)
    if fence:
        for inner in lines:
            if inner.strip() == fence[1]:
                return
            yield f"    {inner}"
        return
    yield line
    if line.strip().startswith("$$") and line.count("$$") == 1:
        for inner in lines:
            yield inner
            if "$$" in inner:
                return


def _flowed(paragraph: list[str], width: int) -> list[str]:
    if not paragraph:
        return []
    entry = _LIST.match(paragraph[0])
    lead = entry["lead"] if entry else ""
    first = entry["text"] if entry else paragraph[0]
    text = " ".join(line.strip() for line in (first, *paragraph[1:]))
    kept = _WHOLE.sub(lambda found: found[0].replace(" ", _SPACE), text)
    lines = textwrap.wrap(
        kept,
        width,
        initial_indent=lead,
        subsequent_indent=" " * len(lead),
        break_long_words=False,
        break_on_hyphens=False,
    )
    return [line.replace(_SPACE, " ") for line in lines]
