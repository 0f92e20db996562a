import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from grader.errors import GraderError
from grader.model import Cell, Ended, Items, Number, Text
from grader.sandbox.box.isolation.lacks import Lack
from grader.sandbox.client import Sandbox, opened
from grader.sandbox.forkserver import Ahead, ForkServer
from grader.sandbox.jobs import Code, run_job
from grader.sandbox.runs import as_run, run_all
from tests.samples_box import ENDLESS, FINE, HARNESS, INPUTS, SHORT, children, gone, job, run

ROOT = Path(__file__).parents[2]
FORKS = """
import os, time
def f(x):
    pid = os.fork()
    if pid == 0:
        {before}
        time.sleep(600)
        os._exit(0)
    return float(pid)
"""
HOLDS = FORKS.format(before="os.setsid()") + "f(0)\nwhile True: pass\n"
HOST = """
import time
from tests.sandbox.test_client import FINE, HOLDS, Sandbox, job, server_of
box = Sandbox(slots=2, mode="plain")
running = box.as_they_end([job(HOLDS), job(FINE)])
next(running)
print(server_of(box), flush=True)
time.sleep(600)
"""
PLOTS = """
import matplotlib.pyplot as plt
from mpl_toolkits.mplot3d import Axes3D
fig, axes = plt.subplots(1, 3, figsize=(9, 3))
left, middle, right = axes
(a, b), (c, d) = plt.subplots(2, 2)[1]
with plt.style.context("dark_background"):
    axes[0].plot([1], [2])
    first = plt.plot([1], [2])[0]
    line, = plt.plot([1], [2])
    counts, bins, patches = plt.hist([1, 2])
plt.gca().spines["top"].set_visible(False)
def f(x):
    return 5.0
"""


@pytest.fixture
def fresh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sandbox]:
    """A fork server of its own, whose folders for runs stand in `tmp_path`."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with Sandbox(slots=2, mode="plain") as box:
        yield box


def server_of(sandbox: Sandbox) -> int:
    assert sandbox._server is not None
    return sandbox._server.process.pid


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """Of this module's own: the one of all tests may have a spare for each of many threads."""
    with Sandbox(slots=2, mode="plain") as box:
        yield box


def only_a_spare_is_left(sandbox: Sandbox) -> bool:
    """Whether in the end the server has no child but the one that waits for the next job."""
    for _ in range(1200):
        if len(children(server_of(sandbox))) == 1:
            return True
        time.sleep(0.05)
    return False


def kill_each_server(sandbox: Sandbox, count: int) -> None:
    """As soon as it runs something."""
    killed: set[int] = set()
    while len(killed) < count:
        server = sandbox._server
        if server is not None and server.process.pid not in killed and server.runs:
            os.kill(server.process.pid, signal.SIGKILL)
            killed.add(server.process.pid)
        time.sleep(0.01)


def number(sandbox: Sandbox, source: str) -> int:
    seen = run(sandbox, source).observations["y"]
    assert isinstance(seen, Number)
    return int(seen.value)


def family(server: int) -> list[int]:
    """The server, its children, and what one of them has started, once it has."""
    while not (grandchildren := [pid for child in children(server) for pid in children(child)]):
        time.sleep(0.01)
    return [server, *children(server), *grandchildren]


# --- what a run leaves behind --------------------------------------------------------------------


@pytest.mark.parametrize("before", ["pass", "os.setsid()", "os.fork()", "os.write(4, b'x')"])
def test_what_a_run_started_is_not_waited_for_and_ends(sandbox: Sandbox, before: str) -> None:
    (ending,) = sandbox.run([job(FORKS.format(before=before))])

    assert ending.usage.wall_seconds < 20  # its limit
    assert only_a_spare_is_left(sandbox)


def test_a_grandchild_that_left_its_session_ends_too(sandbox: Sandbox) -> None:
    assert gone(number(sandbox, FORKS.format(before="os.setsid()")))


def test_a_writing_grandchild_does_not_hold_up_the_parent(sandbox: Sandbox) -> None:
    """Pipes that another process keeps filling never come to their end."""
    flood = "while True: os.write(1, bytes(1 << 16))"

    assert run(sandbox, FORKS.format(before=flood)).ended is Ended.FINISHED


def test_a_thread_left_behind_ends_with_its_run(sandbox: Sandbox) -> None:
    source = """
import threading, time
def f(x):
    threading.Thread(target=time.sleep, args=(600,)).start()
    return 5.0
"""

    assert run(sandbox, source).observations == {"y": Number(5.0)}


def test_the_folder_of_a_run_is_its_own_and_is_removed(sandbox: Sandbox) -> None:
    source = """
import os, pathlib
def f(x):
    pathlib.Path("locked/deep").mkdir(parents=True)
    pathlib.Path("locked/deep/file").write_text("x")
    os.chmod("locked", 0)
    return os.getcwd()
"""

    folder = run(sandbox, source).observations["y"]

    assert isinstance(folder, Text)
    assert Path(folder.value).parent.name.startswith(f"grade-{os.getpid()}-")
    assert not Path(folder.value).exists()


def test_no_file_descriptors_are_left_open(sandbox: Sandbox) -> None:
    run(sandbox, FINE)
    before = len(list(Path("/proc/self/fd").iterdir()))

    run_all(sandbox, [job(source) for source in (FINE, "import os; os._exit(1)") * 25])

    assert len(list(Path("/proc/self/fd").iterdir())) == before


# --- what a run finds ----------------------------------------------------------------------------


def test_a_child_has_no_file_descriptors_but_its_own(sandbox: Sandbox) -> None:
    source = """
import os
def is_open(fd):
    try:
        return bool(os.fstat(fd))
    except OSError:
        return False
def f(x):
    return [fd for fd in range(1024) if is_open(fd)]
"""

    assert run(sandbox, source).observations["y"] == Items(tuple(map(Number, (0, 1, 2, 4))))


def test_the_environment_is_not_the_parents(
    fresh: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GRADE_SECRET", "ab" * 32)
    monkeypatch.setenv("TOKEN", "hush")
    source = "import os\ndef f(x):\n    return sorted(os.environ)\n"

    names = run(fresh, source).observations["y"]

    assert isinstance(names, Items)
    assert Text("PATH") in names.items
    assert not {Text("GRADE_SECRET"), Text("GRADE_CACHE"), Text("TOKEN")} & set(names.items)


def test_modules_are_looked_for_in_its_own_folder_last_and_not_in_the_servers(
    sandbox: Sandbox,
) -> None:
    asks = "str([sys.path[-1] == os.getcwd(), '/' in sys.path])"

    seen = run(sandbox, f"import os, sys\ndef f(x):\n    return {asks}\n").observations

    assert seen["y"] == Text("[True, False]")


def test_an_error_about_a_name_that_is_no_text_is_an_error(sandbox: Sandbox) -> None:
    source = "def f(x):\n    raise NameError('who', name=[])\n"

    assert run(sandbox, source).ended is Ended.ERROR


def test_of_many_statements_that_fail_the_first_is_told(sandbox: Sandbox) -> None:
    found = run(sandbox, FINE + "1 / 0\n" + "undefined\n" * 3000)

    assert found.ended is Ended.FINISHED
    assert [fault.type_name for fault in found.cell_faults] == ["ZeroDivisionError"]


@pytest.mark.parametrize("name", ["grader", "grader.model", "grader.sandbox.box"])
def test_the_grader_cannot_be_imported(sandbox: Sandbox, name: str) -> None:
    inside = run(sandbox, f"def f(x):\n    import {name}\n    return x\n").fault
    (before,) = run(sandbox, f"import {name}\n{FINE}").cell_faults

    assert inside is not None
    assert inside.kind == before.kind == "module_missing"


BESIDE = """
from pathlib import Path
NOTES = Path(__file__).parent / "notes.txt"
def f(x):
    NOTES.write_text("here")
    return Path(__file__).name + " " + Path("notes.txt").read_text()
"""
ASKS = "def f(x):\n    return str('__file__' in globals())\n"


def test_a_file_knows_its_name_and_may_write_beside_it(sandbox: Sandbox) -> None:
    assert run(sandbox, BESIDE).observations == {"y": Text("ex.py here")}


def test_a_notebook_has_no_name_as_in_jupyter(sandbox: Sandbox) -> None:
    code = Code((Cell("cell 1", ASKS),), notebook=True)

    (done,) = run_all(sandbox, [run_job(code, HARNESS, INPUTS)])

    assert done.observations == {"y": Text("False")}


def test_a_missing_plotting_module_does_nothing(sandbox: Sandbox) -> None:
    assert run(sandbox, PLOTS).observations == {"y": Number(5.0)}


# --- the fork server -----------------------------------------------------------------------------


def test_a_run_whose_server_dies_is_run_again(fresh: Sandbox) -> None:
    running = fresh.as_they_end([job(FINE), job(ENDLESS, limits=SHORT)])
    assert next(running)[0] == 0
    server = server_of(fresh)
    while not (pids := children(server)):  # it forks in its turn
        time.sleep(0.01)

    os.kill(server, signal.SIGKILL)
    ((index, ending),) = running

    assert (index, as_run(ending).ended) == (1, Ended.TIMEOUT)
    assert server_of(fresh) != server
    assert all(map(gone, pids))


def test_what_outlives_no_server_is_ours_to_answer_for(fresh: Sandbox) -> None:
    running = fresh.as_they_end([job(ENDLESS)])
    failed = threading.Thread(target=kill_each_server, args=(fresh, 2))
    failed.start()

    with pytest.raises(GraderError, match="has died") as error:
        next(running)

    failed.join()
    assert error.value.hint
    assert run(fresh, FINE).ended is Ended.FINISHED


def test_threads_whose_server_dies_all_go_on_with_another(fresh: Sandbox) -> None:
    with ThreadPoolExecutor(4) as threads:
        slow = FINE.replace("return", "import time; time.sleep(0.3); return")
        done = [threads.submit(number, fresh, slow) for _ in range(8)]
        kill_each_server(fresh, 1)

    assert [each.result() for each in done] == [5] * 8


def test_a_server_that_dies_as_it_is_asked_is_replaced(
    fresh: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(fresh, FINE)
    fresh.close_channels()  # so that the next run asks for one
    opens, asked = ForkServer.open, list[int]()

    def dies(server: ForkServer) -> socket.socket:
        asked.append(server.process.pid)
        if len(asked) == 1:
            server.process.kill()
            server.process.wait()
        return opens(server)

    monkeypatch.setattr(ForkServer, "open", dies)

    assert run(fresh, FINE).ended is Ended.FINISHED
    assert len(set(asked)) == 2


def test_a_child_that_was_held_up_before_it_began_is_our_fault(fresh: Sandbox) -> None:
    run(fresh, FINE, limits=SHORT)
    (spare,) = children(server_of(fresh))
    os.kill(spare, signal.SIGSTOP)

    done = run(fresh, FINE, limits=SHORT)

    assert done.ended is Ended.FINISHED


def test_a_worn_out_server_is_replaced(fresh: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("grader.sandbox.client._WORN_OUT", 4)
    servers = set()

    for _ in range(6):
        assert run(fresh, FINE).ended is Ended.FINISHED
        servers.add(fresh._server and fresh._server.process.pid)

    assert len(servers - {None}) == 2


def test_threads_share_a_server(fresh: Sandbox) -> None:
    sources = [FINE.replace("2 *", f"{n} *") for n in range(8)]

    with ThreadPoolExecutor(4) as threads:
        done = list(threads.map(lambda source: number(fresh, source), sources))

    assert done == [int(2.5 * n) for n in range(8)]
    assert len(children(server_of(fresh))) <= 4  # one waits for each thread


def test_a_server_that_died_meanwhile_is_replaced(fresh: Sandbox) -> None:
    fresh.start()
    os.kill(server_of(fresh), signal.SIGKILL)
    assert fresh._server is not None
    fresh._server.process.wait()

    assert run(fresh, FINE).ended is Ended.FINISHED


@pytest.mark.parametrize("stop", [GeneratorExit, KeyboardInterrupt])
def test_an_interrupted_run_leaves_nothing(
    fresh: Sandbox, tmp_path: Path, stop: type[BaseException]
) -> None:
    running = fresh.as_they_end([job(HOLDS), job(FINE)])
    assert isinstance(running, Generator)
    next(running)
    pids = family(server_of(fresh))

    with pytest.raises(stop):
        running.throw(stop)

    assert all(map(gone, pids))
    assert not list(tmp_path.iterdir())


def test_a_killed_grader_leaves_no_process() -> None:
    command = [sys.executable, "-c", HOST]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as host:
        assert host.stdout is not None
        server = int(host.stdout.readline())
        try:
            pids = family(server)
        finally:
            host.kill()

    assert all(map(gone, pids))


def test_the_server_ends_with_the_sandbox() -> None:
    with Sandbox(mode="plain") as box:
        box.start()
        pid = server_of(box)

    assert gone(pid)


def test_two_sandboxes_do_not_meet(sandbox: Sandbox, fresh: Sandbox) -> None:
    one = sandbox.as_they_end([job(FINE), job(ENDLESS, limits=SHORT)])
    other = fresh.as_they_end([job(FINE), job(ENDLESS, limits=SHORT)])

    assert [next(one)[0], next(other)[0]] == [0, 0]
    assert [index for index, _ in [*one, *other]] == [1, 1]


# --- a server, or a sandbox, that is there already ------------------------------------------------


@pytest.fixture
def ahead() -> Iterator[Ahead]:
    with closing(Ahead()) as found:
        yield found


def test_who_comes_first_has_the_server_that_was_started_ahead(ahead: Ahead) -> None:
    pid = pid_of(ahead)
    with opened(1, ahead) as first, opened(1, ahead) as second:
        first.start()
        second.start()

        assert server_of(first) == pid
        assert server_of(second) != pid


def test_one_that_nobody_takes_is_ended(ahead: Ahead) -> None:
    pid = pid_of(ahead)

    ahead.close()

    assert gone(pid)


def test_a_sandbox_that_was_lent_goes_on(fresh: Sandbox) -> None:
    fresh.start()
    server = server_of(fresh)

    with opened(1, fresh) as lent:
        assert lent is fresh
        assert number(lent, "def f(x): return 3") == 3

    assert number(fresh, "def f(x): return 4") == 4
    assert server_of(fresh) == server


def test_a_server_says_what_its_mode_lacks() -> None:
    wrong, lack = ("b", Lack.PLAIN_USER) if os.geteuid() == 0 else ("a", Lack.ROOT)
    with closing(ForkServer(wrong)) as server:
        refusal = server.refusal()

    assert refusal is not None
    assert refusal.lack is lack
    assert refusal.words.startswith(f"mode {wrong} is for")


def pid_of(ahead: Ahead) -> int:
    assert ahead._server is not None
    return ahead._server.process.pid
