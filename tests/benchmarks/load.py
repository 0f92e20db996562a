"""Submissions to the measured exercise: three of four are right, and no two files are equal."""

from itertools import cycle
from pathlib import Path

_HEAD = "# grade: loop\nimport torch\n\n\ndef fit(X, y):\n"
_START = """\
    w = torch.tensor(0.0, requires_grad=True)
    b = torch.tensor(0.0, requires_grad=True)
    losses = []
    for step in range(200):
"""
_FORWARD = "        y_pred = w * X + b\n"
_LOSS = "        loss = ((y_pred - y) ** 2).mean()\n"
_BACK = "        losses.append(loss.item())\n        loss.backward()\n"
_UPDATE = """\
        with torch.no_grad():
            w -= 0.01 * w.grad
            b -= 0.01 * b.grad
"""
_CLEAR = "        w.grad.zero_()\n        b.grad.zero_()\n"
_END = "    return w, b, losses\n"

_PLAIN = _HEAD + _START + _FORWARD + _LOSS + _BACK + _UPDATE + _CLEAR + _END
_RIGHT = (
    _PLAIN,
    _PLAIN.replace(_CLEAR, "        w.grad = None\n        b.grad = None\n"),
    _PLAIN.replace(_CLEAR, "").replace(_FORWARD, "        w.grad = b.grad = None\n" + _FORWARD),
    _PLAIN.replace("((y_pred - y) ** 2).mean()", "(y_pred - y).pow(2).sum() / len(X)"),
    _PLAIN.replace("((y_pred - y) ** 2).mean()", "torch.mean(torch.square(y - y_pred))"),
    _PLAIN.replace("            w -= 0.01 * w.grad", "            w.sub_(0.01 * w.grad)"),
    _PLAIN.replace(_FORWARD, "        y_pred = torch.add(torch.mul(X, w), b)\n"),
    _PLAIN.replace("for step in range(200)", "while len(losses) < 200"),
)
_WRONG = (
    _PLAIN.replace(_CLEAR, ""),
    _PLAIN.replace("-= 0.01", "+= 0.01"),
    _PLAIN.replace(".mean()", ".sum()"),
    _PLAIN.replace("-= 0.01", "-= 0.02"),
)


def submissions(count: int) -> list[str]:
    """The sources, one a student."""
    right, wrong = cycle(_RIGHT), cycle(_WRONG)
    mixed = (next(wrong) if number % 4 == 3 else next(right) for number in range(count))
    return [f"{source}\n\n# {number}\n" for number, source in enumerate(mixed)]


def write(folder: Path, count: int) -> list[Path]:
    """One file a student."""
    paths = [folder / f"s{number:05}.py" for number in range(count)]
    for path, source in zip(paths, submissions(count), strict=True):
        path.write_text(source, encoding="utf-8")
    return paths
