"""A workshop for tests: one cache for the whole session, whatever the number of workers."""

import fcntl
import os
from pathlib import Path

import pytest

from grader.course.format import Exercise
from grader.course.loading import load_course, load_exercise
from grader.course.parts.predict import PredictPart
from grader.judging.keys import Keys
from grader.judging.workshop import Workshop
from grader.model import Isolation
from grader.sandbox.cache import RunCache
from grader.sandbox.client import Sandbox

ROOT = Path(__file__).parent.parent
SECRET = "0123456789abcdef" * 4  # so that hidden cases are the same in every run


def environment(factory: pytest.TempPathFactory) -> dict[str, str]:
    """What a process of the grader needs to share the session's cache, and nothing else."""
    base = factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    return {"GRADE_CACHE": str(shared / "trusted"), "GRADE_SECRET": SECRET}


def shop(course: Path, sandbox: Sandbox, factory: pytest.TempPathFactory) -> Workshop:
    """What `workshop.opened` gives, around a sandbox that is warm already."""
    folder, secret = Path(environment(factory)["GRADE_CACHE"]), bytes.fromhex(SECRET)
    loaded, runs = load_course(course), RunCache(folder, sandbox)
    keys = Keys(loaded.id, secret, runs, folder)
    return Workshop(loaded, sandbox, runs, keys, "of the tests", new_secret=False)


def exercise(shop: Workshop, id_: str, factory: pytest.TempPathFactory) -> Exercise:
    """An exercise whose cases are drawn: one worker draws them, the others wait and read."""
    loaded = load_exercise(shop.course, id_)
    folder = Path(environment(factory)["GRADE_CACHE"])
    folder.mkdir(exist_ok=True)
    with (folder / f"{shop.course.id}-{id_}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for part in loaded.parts:
            if not isinstance(part, PredictPart):
                shop.keys.key(loaded, part, 0)
    return loaded


class WeakSandbox(Sandbox):
    """What a machine without any confinement gives."""

    @property
    def isolation(self) -> Isolation:
        return Isolation("plain", "none", ("everything",))
