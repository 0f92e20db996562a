"""Comparisons → one self-contained HTML page, without a script and without a request."""

from collections.abc import Sequence

from grader.classroom.similar.evidence import evidence
from grader.classroom.similar.work import Comparison
from grader.reporting import templating
from grader.reporting.exporters import text

MOST_SHOWN = 60  # pairs of one exercise that are laid side by side
COLOURS = 6
_MOST_BARS = 12
_BAR_BITS = 10


def page(found: Sequence[Comparison]) -> bytes:
    """All exercises, each with its table of pairs; the first of them side by side."""
    environment = templating.environment()
    environment.filters |= {"brief": _brief, "visible": text.visible, "percent": _percent}
    environment.globals |= {"histogram": histogram, "COLOURS": COLOURS}
    shown = [[evidence(pair, one) for pair in one.pairs[:MOST_SHOWN]] for one in found]
    drawn = environment.get_template("similar.html.j2").render(
        sections=list(zip(found, shown, strict=True))
    )
    return text.inert(drawn).encode()


def histogram(found: Comparison) -> list[tuple[int, int, int, bool]]:
    """From, to, how many students' best pair is there, and whether such pairs are listed."""
    top = max([*found.nearest, found.least])
    width = _BAR_BITS * (1 + int(top) // (_BAR_BITS * _MOST_BARS))
    bars = []
    for low in range(0, int(top) + 1, width):
        count = sum(low <= bits < low + width for bits in found.nearest)
        bars.append((low, low + width, count, low + width > found.least))
    return bars


def _brief(words: str, longest: int = 60) -> str:
    return text.brief(text.visible(words), longest)


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"
