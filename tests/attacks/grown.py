"""Sources that are too large to keep: name → how the runs may end, points, and the text."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from tests.attacks.case import FULL, UNREAD, Expected

_START = "def gradient(x):\n    return 3 * x**2\n"
_NO_PYTHON = Expected(frozenset({"finished"}), 0)
_FINE = Expected(frozenset({"finished"}), FULL)

GROWN: Mapping[str, tuple[Expected, Callable[[], str]]] = MappingProxyType(
    {
        "too_large": (Expected(frozenset({UNREAD}), 0), lambda: _START + "#" * (1 << 20)),
        "one_long_line": (_FINE, lambda: f"{_START}y = '{'x' * 1_000_000}'\n"),
        "many_lines": (_FINE, lambda: _START + "\n" * 1_000_000),
        "many_functions": (_FINE, lambda: _START + "def f(): 1\n" * 1000),
        "parentheses": (_NO_PYTHON, lambda: f"{_START}y = {'(' * 400_000}{')' * 400_000}\n"),
        "signs": (_NO_PYTHON, lambda: f"{_START}y = {'-' * 500_000}1\n"),
        "attributes": (_NO_PYTHON, lambda: f"{_START}y = gradient{'.a' * 200_000}\n"),
        "sum": (_NO_PYTHON, lambda: f"{_START}y = {'1+' * 200_000}1\n"),
        "calls": (_NO_PYTHON, lambda: f"{_START}y = gradient{'()' * 200_000}\n"),
        "lambdas": (_NO_PYTHON, lambda: f"{_START}y = {'lambda:' * 50_000}1\n"),
        "digits": (_NO_PYTHON, lambda: f"{_START}y = {'9' * 900_000}\n"),
        "indents": (
            _NO_PYTHON,
            lambda: _START + "".join(" " * n + "if 1:\n" for n in range(1000)),
        ),
    }
)
