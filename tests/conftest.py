import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from grader.classroom.gradebook import Gradebook, opened
from grader.sandbox import forkserver
from grader.sandbox.client import Sandbox
from tests import handing_in, postgres
from tests.attacks.summary import pytest_terminal_summary  # noqa: F401  (a hook)

# The same examples each time; `make attack-all` takes other ones, and many: profile "long".
settings.register_profile("short", max_examples=200, deadline=None, derandomize=True)
settings.register_profile(
    "long", max_examples=20_000, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("short")

# What the machine needs to run programs, and what is set to steer the tests themselves.
KEPT = {"PATH", "TMPDIR"}
KEPT_PREFIXES = ("LD_", "PYTHON", "PYTEST", "GRADE_ATTACK")

# Else the plugin proves the course, with a secret of its own, and rivals are taken for tests.
collect_ignore = ["small_course", "benchmarks"]


class NothingAhead(forkserver.Ahead):
    def __init__(self) -> None:
        self._server = None


@pytest.fixture(scope="session", autouse=True)
def _nothing_ahead() -> Iterator[None]:
    """A command that a test runs in this process is given the sandbox below, or starts its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(forkserver, "Ahead", NothingAhead)
        yield


@pytest.fixture(scope="session", autouse=True)
def _own_environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Whoever runs the tests may have set anything, and keeps their home, cache and attempts."""
    folder = tmp_path_factory.mktemp("grade")
    own = {"HOME": "home", "GRADE_CACHE": "cache", "GRADE_STATE": "state"}
    (folder / "home").mkdir()
    with pytest.MonkeyPatch.context() as patch:
        for name in os.environ:
            if name not in KEPT and not name.startswith(KEPT_PREFIXES):
                patch.delenv(name)
        for name, place in own.items():
            patch.setenv(name, str(folder / place))
        # In the background of a shell it is ignored, and whatever we start would ignore it as well.
        signal.signal(signal.SIGINT, signal.default_int_handler)
        yield


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    """One warm fork server for all tests."""
    with Sandbox(slots=2, mode="plain") as box:
        yield box


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """With the one exercise that `grade new` writes."""
    return handing_in.course(tmp_path_factory.mktemp("course"))


@pytest.fixture
def desk(
    tmp_path: Path,
    course: Path,
    sandbox: Sandbox,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path_factory: pytest.TempPathFactory,
) -> handing_in.Desk:
    """Where files are handed in and commands are run, one after the other."""
    return handing_in.desk(tmp_path, course, sandbox, monkeypatch, tmp_path_factory)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(
    request: pytest.FixtureRequest, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> str:
    """Of a gradebook that is not there yet, on each kind of database."""
    file = str(tmp_path / "book.db")
    return file if request.param == "sqlite" else postgres.fresh(tmp_path_factory)


@pytest.fixture
def book(url: str) -> Iterator[Gradebook]:
    """Of the course `c`, empty."""
    with opened(url, "c") as found:
        yield found


@pytest.fixture
def right(desk: handing_in.Desk) -> str:
    """What gets all points in the desk's course."""
    return desk.solved(handing_in.RIGHT).read_text()


@pytest.fixture
def wrong(desk: handing_in.Desk) -> str:
    """What gets none of those for values."""
    return desk.solved(handing_in.WRONG).read_text()


@pytest.fixture
def broken_course(tmp_path: Path) -> Path:
    """A course that cannot be loaded."""
    folder = tmp_path / "broken"
    (folder / "exercises").mkdir(parents=True)
    (folder / "exercises" / "course.yaml").write_text("format: 1\nid: secret-id\n")
    return folder
