"""Do-nothing stand-ins for plotting modules that are not installed, so that a plot fails nobody."""

import importlib.abc
import importlib.machinery
import sys
import types
from collections.abc import Iterator, MutableSequence
from typing import Self

_PLOTTING = {
    "IPython",
    "altair",
    "bokeh",
    "graphviz",
    "ipywidgets",
    "matplotlib",
    "mpl_toolkits",
    "plotly",
    "seaborn",
    "torchview",
    "torchviz",
}
_UNPACKS_TO = {"plot": 1, "hist": 3}  # `line, = plot(…)`; most else gives a pair


class Nothing:
    """Takes every call, attribute, index and `with`; `fig, axes = subplots(1, 3)` unpacks."""

    def __init__(self, count: int = 2) -> None:
        self._count = count

    def __call__(self, *args: object, **_: object) -> "Nothing":
        return self

    def __getattr__(self, name: str) -> "Nothing":
        return _attribute(name)

    def __getitem__(self, _: object) -> "Nothing":
        return Nothing()

    def __setitem__(self, key: object, value: object) -> None: ...

    def __iter__(self) -> Iterator["Nothing"]:
        return iter([Nothing() for _ in range(self._count)])

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None: ...


class _Subplots(Nothing):
    def __call__(self, *args: object, **kwargs: object) -> "Nothing":
        sizes = [size for size in (*args, *kwargs.values()) if isinstance(size, int)]
        return _Pair(max(sizes, default=1))


class _Pair(Nothing):
    def __iter__(self) -> Iterator[Nothing]:
        return iter([Nothing(), Nothing(self._count)])


class _Module(types.ModuleType):
    __path__: MutableSequence[str] = []  # noqa: RUF012  (what the import system expects)

    def __getattr__(self, name: str) -> Nothing:
        return _attribute(name)


def _attribute(name: str) -> Nothing:
    if name.startswith("__"):
        raise AttributeError(name)
    return _Subplots() if name == "subplots" else Nothing(_UNPACKS_TO.get(name, 2))


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def find_spec(
        self, name: str, path: object = None, target: object = None
    ) -> importlib.machinery.ModuleSpec | None:
        if name.partition(".")[0] not in _PLOTTING:
            return None
        return importlib.machinery.ModuleSpec(name, self, is_package=True)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> types.ModuleType:
        return _Module(spec.name)

    def exec_module(self, module: types.ModuleType) -> None: ...


def install() -> None:
    """Asked last: a module that is installed is used as it is."""
    sys.meta_path.append(_Finder())
