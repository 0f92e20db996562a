"""Learning platforms: what we read of them and write for them, one file and one line each.

A platform takes what a student may read; only a field that instructors alone see gets more.
"""

from collections.abc import Mapping
from types import MappingProxyType

from grader.lms import (
    actions,
    canvas,
    classroom50,
    coursera,
    gradescope,
    junit,
    moodle,
    nbgrader,
    prairielearn,
    table,
    xqueue,
)
from grader.lms.platform import Platform

PLATFORMS: Mapping[str, Platform] = MappingProxyType(
    {
        each.name: each
        for each in (
            actions.PLATFORM,
            canvas.PLATFORM,
            classroom50.PLATFORM,
            coursera.PLATFORM,
            gradescope.PLATFORM,
            junit.PLATFORM,
            moodle.PLATFORM,
            nbgrader.PLATFORM,
            prairielearn.PLATFORM,
            table.PLATFORM,
            xqueue.PLATFORM,
        )
    }
)
