"""Exporters: Report → bytes, one file a format.

A library is imported when its format is asked for: a pipeline that wants JSON pays for no renderer.
"""

from collections.abc import Callable, Mapping
from importlib import import_module
from types import MappingProxyType

from grader.reporting.shown import Report

Exporter = Callable[[Report], bytes]


def _lazy(module: str) -> Exporter:
    def export(report: Report) -> bytes:
        exported: bytes = import_module(f"grader.reporting.exporters.{module}").export(report)
        return exported

    return export


EXPORTERS: Mapping[str, Exporter] = MappingProxyType(
    {
        "terminal": _lazy("terminal"),
        "json": _lazy("jsonfile"),
        "html": _lazy("html"),
        "junit": _lazy("junit"),
        "markdown": _lazy("markdown"),
    }
)
