from collections.abc import Iterator

import pytest

from grader.sandbox.client import Sandbox

collect_ignore = ["course"]  # else the plugin proves it, with a secret of its own


@pytest.fixture(scope="session", autouse=True)
def _own_folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep the cache and the attempts of whoever runs the tests out of reach."""
    folder = tmp_path_factory.mktemp("grade")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRADE_CACHE", str(folder / "cache"))
        patch.setenv("GRADE_STATE", str(folder / "state"))
        yield


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    """One warm fork server for all tests."""
    with Sandbox(slots=2, mode="plain") as box:
        yield box
