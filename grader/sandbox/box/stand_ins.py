"""Stand-ins for modules that are not installed, so that what surrounds the answer fails nobody.

What only shows, logs or annotates works as if it were there, and does nothing.  Any other missing
module that a statement at the top level imports does nothing while the file is loaded; where the
graded code uses it, it raises what the import would have raised.
"""

import difflib
import importlib.abc
import importlib.machinery
import importlib.util
import sys
import types
from collections.abc import Iterable, Iterator, MutableSequence
from dataclasses import dataclass, field
from typing import Any, Self

_PLOTS = "IPython altair bokeh graphviz ipywidgets matplotlib mpl_toolkits plotly seaborn torchview"
_DIARIES = "aim clearml comet_ml loguru mlflow neptune tensorboard tensorboardX visdom wandb"
_SUMMARIES = "icecream prettytable tabulate termcolor torchinfo torchsummary torchviz"
_ANNOTATIONS = "beartype jaxtyping nptyping torchtyping typeguard"
_HARMLESS = frozenset(f"{_PLOTS} {_DIARIES} {_SUMMARIES} {_ANNOTATIONS}".split())
_PROGRESS = frozenset(("alive_progress", "fastprogress", "progressbar", "rich", "tqdm"))
_COLAB = frozenset(("google", "google.colab", "google.colab.drive", "google.colab.files"))
_WRITERS = "torch.utils.tensorboard"
_UNPACKS_TO = {"plot": 1, "hist": 3}  # `line, = plot(…)`; most else gives a pair
_NEAR = 0.8
_OPERATORS = (
    "add sub mul truediv floordiv mod pow matmul radd rsub rmul rtruediv rfloordiv rmod rpow "
    "rmatmul lt le gt ge"
)


@dataclass
class _Missing:
    """Modules that are not here, imported at the top level: do they raise where they are used?"""

    roots: set[str] = field(default_factory=set)
    raises: bool = False

    def use(self, module: str) -> None:
        root = module.partition(".")[0]
        if self.raises and root in self.roots:
            raise ModuleNotFoundError(f"No module named {root!r}", name=root)


_missing = _Missing()
_use = _missing.use


class Nothing:
    """Takes every call, attribute, index and `with`; `fig, axes = subplots(1, 3)` unpacks."""

    def __init__(self, module: str = "", count: int = 2) -> None:
        self._module, self._count = module, count

    def __call__(self, *args: Any, **named: Any) -> Any:  # Any: a decorator gives what it is given
        _use(self._module)
        only = args[0] if len(args) == 1 else None
        if isinstance(only, types.FunctionType | type):
            return only
        items = args[0] if args else named.get("iterable")
        if self._module.partition(".")[0] in _PROGRESS and isinstance(items, Iterable):
            return _Bar(self._module, items)
        return Nothing(self._module, self._count)

    def __getattr__(self, name: str) -> "Nothing":
        return _attribute(self._module, name)

    def __getitem__(self, _: object) -> "Nothing":
        _use(self._module)
        return Nothing(self._module)

    def __setitem__(self, key: object, value: object) -> None:
        _use(self._module)

    def __iter__(self) -> Iterator[Any]:
        _use(self._module)
        return iter([Nothing(self._module) for _ in range(self._count)])

    def __enter__(self) -> Self:
        _use(self._module)
        return self

    def __exit__(self, *_: object) -> None: ...

    def __mro_entries__(self, _: object) -> tuple[type, ...]:
        return ()  # `class Net(missing.Module)`

    def __eq__(self, other: object) -> bool:
        _use(self._module)
        return self is other

    def __hash__(self) -> int:
        return id(self)

    def __bool__(self) -> bool:
        _use(self._module)
        return True

    def __len__(self) -> int:
        _use(self._module)
        return 0


def _no_value(self: Nothing, _: object) -> Any:  # Any: what an operator answers
    _use(self._module)
    return NotImplemented


for _name in _OPERATORS.split():
    setattr(Nothing, f"__{_name}__", _no_value)


class _Bar(Nothing):
    """What a progress bar goes over."""

    def __init__(self, module: str, items: Iterable[Any]) -> None:
        super().__init__(module)
        self._items = items

    def __iter__(self) -> Iterator[Any]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)  # type: ignore[arg-type]  # raises as the bar would


class _Subplots(Nothing):
    def __call__(self, *args: Any, **kwargs: object) -> Any:
        sizes = [size for size in (*args, *kwargs.values()) if isinstance(size, int)]
        return _Pair(self._module, max(sizes, default=1))


class _Pair(Nothing):
    def __iter__(self) -> Iterator[Nothing]:
        return iter([Nothing(self._module), Nothing(self._module, self._count)])


class _Range(Nothing):
    """`trange(3)`."""

    def __call__(self, *args: Any, **_: object) -> Any:
        return _Bar(self._module, range(*args))


class _Module(types.ModuleType):
    __path__: MutableSequence[str] = []  # noqa: RUF012  (what the import system expects)

    def __getattr__(self, name: str) -> Nothing:
        return _attribute(self.__name__, name)


_SPECIAL = {"subplots": _Subplots, "trange": _Range}


def _attribute(module: str, name: str) -> Nothing:
    if name.startswith("__"):
        raise AttributeError(name)
    _use(module)
    return _SPECIAL.get(name, Nothing)(module, _UNPACKS_TO.get(name, 2))


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def find_spec(
        self, name: str, path: object = None, target: object = None
    ) -> importlib.machinery.ModuleSpec | None:
        root = name.partition(".")[0]
        if root in _HARMLESS | _PROGRESS | _missing.roots or name in _COLAB:
            return importlib.machinery.ModuleSpec(name, self, is_package=True)
        return None

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> types.ModuleType:
        return _Module(spec.name)

    def exec_module(self, module: types.ModuleType) -> None: ...


def install() -> None:
    """Asked last: a module that is installed is used as it is.  torch must have been imported."""
    torch = sys.modules["torch"]
    torch.compile = _uncompiled  # type: ignore[attr-defined]  # a compiler is a program
    if importlib.util.find_spec("tensorboard") is None:
        sys.modules[_WRITERS] = _Module(_WRITERS)  # torch has it, but it asks for more
    sys.meta_path.append(_Finder())


def _uncompiled(model: Any = None, **_: object) -> Any:  # Any: whatever is to be faster
    """`torch.compile`, which may change nothing but the speed."""
    return _uncompiled if model is None else model


def stand_in_for(error: ModuleNotFoundError) -> bool:
    """Whether what is missing may be imported from now on; not if it was mistyped."""
    name = error.name or ""
    root = name.partition(".")[0]
    if (
        not root
        or root in _missing.roots | sys.modules.keys()
        or importlib.util.find_spec(root) is not None
    ):
        return False  # only a part of it is missing, or it is closed
    near = nearest(root)
    if near:
        error.msg = f"{error.msg}. Did you mean `{near}`?"
        return False
    _missing.roots.add(root)
    return True


def nearest(name: str) -> str:
    """The module that is there and was probably meant, or nothing."""
    there = {"torch", "numpy", *sys.stdlib_module_names}
    return next(iter(difflib.get_close_matches(name, there, 1, _NEAR)), "")


def refuse(*, raises: bool) -> None:
    """Whether what stands in for something that might give values raises from now on."""
    _missing.raises = raises
