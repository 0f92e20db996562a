"""templates/ → what fills them in, the same for pages and for files of any language."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2.sandbox import SandboxedEnvironment

from grader import settings


def folder() -> Path:
    """Inside the package when it is installed, beside it in a clone."""
    inside = settings.PACKAGE / "templates"
    return inside if inside.is_dir() else settings.PACKAGE.parent / "templates"


def environment(*first: Path, html: bool = True) -> Environment:
    """Of our own templates, after those in `first`; `html` escapes, and a missing word raises.

    A new one each time: callers add their filters.  What is not ours runs no Python of its own.
    """
    kind = SandboxedEnvironment if first else Environment
    return kind(
        loader=FileSystemLoader([*first, folder()]),
        autoescape=html,  # off for shell, YAML and Python
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
