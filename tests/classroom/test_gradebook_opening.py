"""Opening a book: new ones, old ones, and all that is none."""

import multiprocessing
import os
import sqlite3
import stat
import subprocess
import sys
import tempfile
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from grader.classroom.gradebook import opened, store, tables, versions
from grader.errors import GraderError, UsageError
from tests import postgres
from tests.books import attempt, grading

MIGRATIONS = Path(versions.__file__).with_name("migrations")


def config(connection: sa.Connection | None = None) -> Config:
    found = Config()
    found.set_main_option("script_location", str(MIGRATIONS))
    found.set_main_option("path_separator", "os")
    found.attributes["connection"] = connection
    return found


# --- versions ------------------------------------------------------------------------------------


def test_the_steps_lead_to_the_tables(url: str) -> None:
    """What `tables.py` says is what the migrations make, on both databases."""
    with opened(url, "c") as book, book.store.reading() as connection:
        context = MigrationContext.configure(
            connection, opts={"version_table": tables.VERSION, "compare_type": True}
        )
        assert not compare_metadata(context, tables.METADATA)


def test_the_last_step_is_the_one_that_is_known() -> None:
    assert ScriptDirectory.from_config(config()).get_current_head() == tables.HEAD


def test_an_older_book_is_brought_up_to_date_with_what_is_in_it(url: str) -> None:
    found = store.store(url, must_exist=False)
    with found.writing() as connection:
        command.upgrade(config(connection), "0001")
        student = {"course": "c", "id": "ana", "name": "Ana", "email": "", "group": ""}
        connection.execute(sa.insert(tables.students).values(**student, aliases=[]))
    found.engine.dispose()

    with opened(url, "c") as book:
        assert book.students()["ana"].name == "Ana"
        book.note("me", "regrade", {})


def test_a_book_of_a_newer_grader_is_refused_and_left_alone(url: str) -> None:
    with opened(url, "c") as book, book.store.writing() as connection:
        connection.execute(sa.text(f"UPDATE {tables.VERSION} SET version_num = '0999'"))  # noqa: S608

    with pytest.raises(UsageError, match="newer grader") as caught, opened(url, "c"):
        pass

    assert "pip install --upgrade" in caught.value.hint


def test_a_book_that_is_up_to_date_needs_no_alembic(tmp_path: Path) -> None:
    file = str(tmp_path / "book.db")
    with opened(file, "c"):
        pass
    code = "import sys\nfrom grader.classroom.gradebook import opened\n"
    code += "with opened(sys.argv[1], 'c'): pass"
    look = "\nprint([name for name in ('alembic', 'psycopg', 'torch') if name in sys.modules])"

    done = subprocess.run(
        [sys.executable, "-c", code + look, file], capture_output=True, check=True
    )

    assert done.stdout.strip() == b"[]"


def test_many_may_make_it_at_once(url: str) -> None:
    fork = multiprocessing.get_context("fork")
    makers = [fork.Process(target=_keep_one, args=(url, str(at)), daemon=True) for at in range(4)]
    for maker in makers:
        maker.start()
    for maker in makers:
        maker.join(60)

    assert [maker.exitcode for maker in makers] == [0] * 4
    with opened(url, "c") as book:
        assert len(list(book.attempts())) == 4


def _keep_one(url: str, student: str) -> None:
    with opened(url, "c") as book:
        book.keep(attempt(student), grading())


# --- files ---------------------------------------------------------------------------------------


def test_a_new_file_is_its_owners_alone(tmp_path: Path) -> None:
    file = tmp_path / "not" / "yet" / "book.db"

    with opened(str(file), "c") as book:
        book.keep(attempt(), grading())
        modes = {stat.S_IMODE(path.stat().st_mode) for path in file.parent.iterdir()}

    assert modes == {0o600}


def test_a_power_cut_is_survived_and_readers_do_not_wait(tmp_path: Path) -> None:
    with opened(str(tmp_path / "book.db"), "c") as book, book.store.reading() as connection:
        asked = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout", "secure_delete")
        told = [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in asked]

    assert told == ["wal", 2, 1, 30000, 1]


def test_a_book_that_must_exist_is_not_made(tmp_path: Path) -> None:
    file = tmp_path / "book.db"

    with (
        pytest.raises(UsageError, match="no gradebook at"),
        opened(str(file), "c", must_exist=True),
    ):
        pass

    assert not file.exists()


def _foreign(file: Path) -> None:
    with sqlite3.connect(file) as connection:
        connection.execute("CREATE TABLE students (id)")
    connection.close()


def _torn(file: Path) -> None:
    with opened(str(file), "c") as book:
        for at in range(50):
            book.keep(attempt(str(at)), grading(report=b'{"a": 1}'))
    pages = file.read_bytes()
    file.write_bytes(pages[:4096] + b"\x5a" * (len(pages) - 4096))


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda file: file.write_text("name,points\n" * 500), "is no gradebook"),
        (_foreign, "holds something else"),
        (_torn, "is damaged"),
        (lambda file: file.mkdir(), "is a folder"),
    ],
)
def test_what_is_no_book_is_told_and_left_alone(spoil: object, says: str, tmp_path: Path) -> None:
    file = tmp_path / "book.db"
    assert callable(spoil)
    spoil(file)
    before = None if file.is_dir() else file.read_bytes()

    with pytest.raises(UsageError, match=says) as caught, opened(str(file), "c") as book:
        list(book.attempts())

    assert caught.value.hint
    assert before is None or file.read_bytes() == before


def test_a_place_where_nothing_can_be_made() -> None:
    with pytest.raises(UsageError, match="cannot be made"), opened("/proc/book.db", "c"):
        pass


@pytest.mark.parametrize("underway", [False, True])
def test_a_book_of_somebody_else_may_be_read(*, underway: bool) -> None:
    """Root may write everything: so a plain user tries, while its owner has it open or not."""
    with tempfile.TemporaryDirectory() as place:  # which, unlike pytest's, others can reach
        folder = Path(place)
        with opened(str(folder / "book.db"), "c") as book:
            book.keep(attempt(), grading())
            if underway:
                names, refused = _looked_at_by_nobody(folder)
        if not underway:
            names, refused = _looked_at_by_nobody(folder)

    assert names == ["ana"]
    assert len(refused) == 2
    assert all("may not be written by you" in each for each in refused)


def _looked_at_by_nobody(folder: Path) -> tuple[list[str], list[str]]:
    for path in folder.iterdir():
        path.chmod(0o444)
    folder.chmod(0o555)
    fork = multiprocessing.get_context("fork")
    ours, theirs = fork.Pipe()
    user = fork.Process(target=_read_and_write, args=(folder / "book.db", theirs), daemon=True)
    user.start()
    user.join(60)
    folder.chmod(0o755)
    assert ours.poll(), user.exitcode
    found: tuple[list[str], list[str]] = ours.recv()
    return found


def _read_and_write(file: Path, said: Connection) -> None:
    if os.geteuid() == 0:
        os.setgroups([])
        os.setresgid(65534, 65534, 65534)
        os.setresuid(65534, 65534, 65534)
    with opened(str(file), "c") as book:
        names = [name for kept in book.attempts() for name in kept.students]
        refused = []
        for change in (partial(book.note, "me", "regrade", {}), partial(book.forget, "ana")):
            with pytest.raises(GraderError) as caught:
                change()
            refused.append(str(caught.value))
    said.send((names, refused))


def test_a_file_that_is_locked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "_PRAGMAS", ("busy_timeout = 50",))
    file = str(tmp_path / "book.db")
    with opened(file, "c") as book:
        other = sqlite3.connect(file, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")

        with pytest.raises(UsageError, match="in use by another process") as caught:
            book.keep(attempt(), grading())

        other.close()
    assert caught.value.hint


# --- servers -------------------------------------------------------------------------------------


def _refused(url: str) -> UsageError:
    with pytest.raises(UsageError) as caught, opened(url, "c"):
        pass
    told = f"{caught.value} {caught.value.hint}"
    assert "hunter2" not in told
    assert postgres.PASSWORD not in told
    assert caught.value.hint
    return caught.value


def test_a_wrong_password_is_told_without_it(tmp_path_factory: pytest.TempPathFactory) -> None:
    url = postgres.fresh(tmp_path_factory).replace(postgres.PASSWORD, "hunter2")

    assert "does not let you in" in str(_refused(url))


def test_a_database_that_is_not_there(tmp_path_factory: pytest.TempPathFactory) -> None:
    url = postgres.fresh(tmp_path_factory).replace("/postgres?", "/nowhere?")

    assert "/nowhere does not exist" in str(_refused(url))


def test_a_server_that_is_not_there() -> None:
    assert "cannot be reached" in str(_refused("postgresql://me:hunter2@127.0.0.1:1/grades"))


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://me:a@hunter2@localhost/grades",
        "postgresql://me:a@hunter2/b@localhost:70000/grades",
        "postgresql://me@localhost/grades?password=hunter2",
        "postgresql://me:hunter2@localhost:port/grades",
        "mysql://me:hunter2@localhost/grades",
        "sqlite://",
        "://",
    ],
)
def test_a_url_that_is_none_is_told_without_its_password(url: str) -> None:
    _refused(url)


def test_tables_of_somebody_else_are_left_alone(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    url = postgres.fresh(tmp_path_factory)
    found = store.store(url, must_exist=False)
    with found.writing() as connection:
        connection.execute(sa.text("CREATE TABLE students (id int)"))
    found.engine.dispose()

    assert "holds something else" in str(_refused(url))
