"""What a run may use of time and memory, as an author says it."""

from typing import Annotated

from pydantic import Field

from grader.checks.check import Frozen

_Seconds = Annotated[int | float, Field(gt=0, le=600)]


class Limits(Frozen):
    cpu_seconds: _Seconds | None = Field(
        None,
        description="CPU time of the graded code in one case; if not given, ten times what the "
        "reference takes there, and 0.7 at least.",
    )
    load_seconds: _Seconds = Field(
        3, description="CPU time until all that is graded is defined: imports, other cells."
    )
    wall_seconds: _Seconds | None = Field(
        None,
        description="Time by the clock, for what sleeps; if not given, five times the CPU time. "
        "It bounds the CPU time that is not given, too.",
    )
    memory_mb: Annotated[int, Field(ge=64, le=16384)] = 1024
