"""Pulling from an edX queue: `edx-submissions` itself, on Django and loopback."""

import json
import os
import signal
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from grader.errors import AuthorError, UsageError
from grader.platforms import xqueue, xqueue_client
from grader.platforms.xqueue_client import Item, Login, Queue, QueueError
from tests import shops, xqueue_site
from tests.handing_in import RIGHT, WRONG, Desk
from tests.samples_report import SAMPLES, SECRET, shown

LOGIN = Login(xqueue_site.USER, xqueue_site.PASSWORD)
REPLY = b'{"correct": true, "score": 0.75, "msg": "<div>fine</div>"}'


@dataclass(frozen=True, slots=True)
class Site:
    """The edX side: where its queues are, and what came of the submissions."""

    address: str

    def queue(self, name: str, login: Login = LOGIN) -> Queue:
        return Queue(f"{self.address}/xqueue", name, login, lambda _: None)

    def outcome(self, student: str) -> dict[str, Any]:
        with urllib.request.urlopen(f"{self.address}/scores/") as answer:  # noqa: S310  (http)
            return dict(json.load(answer)[student])


HANDED_IN = [  # queue, student, code or what it is, grader
    ("graded", "ada", "right", "graders/ex1.py"),
    ("graded", "bob", "wrong", "graders/ex1.py"),
    ("graded", "cyd", "# grade: ex7\n", "graders/ex1.py"),
    ("twice", "dan", "", "ex1"),
    ("stopped", "eve", "", "ex1"),
    ("stopped", "fay", "", "ex1"),
]


@pytest.fixture(scope="module")
def site(course: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A process of its own: what Django warns of is not ours."""
    codes = {"right": _solved(course, RIGHT), "wrong": _solved(course, WRONG)}
    queued = [
        {"queue": queue, "student": student, "code": codes.get(code, code), "grader": grader}
        for queue, student, code, grader in HANDED_IN
    ]
    command = [sys.executable, "-m", "tests.xqueue_site", str(tmp_path_factory.mktemp("queue"))]
    with subprocess.Popen(
        command,
        cwd=shops.ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps(queued))
        process.stdin.close()
        yield Site(process.stdout.readline().strip())
        process.kill()


def _solved(course: Path, code: str) -> str:
    desk = Desk(course, {**os.environ, "GRADE_COURSE": str(course)})
    return desk.solved(code).read_text()


def test_submissions_are_pulled_graded_and_put(site: Site, desk: Desk, tmp_path: Path) -> None:
    login = tmp_path / "login"
    login.write_text(f"{LOGIN.name}:{LOGIN.password}\n")
    words = ("--url", f"{site.address}/xqueue/", "--queue", "graded", "--credentials", str(login))

    done = desk.run("platform", "xqueue", *words, "--once")

    assert done.exit_code == 0, done.output
    assert done.stdout == ""
    assert site.outcome("ada")["points"] == xqueue_site.POINTS
    assert 0 <= site.outcome("bob")["points"] < xqueue_site.POINTS
    reply = json.loads(site.outcome("cyd")["reply"])
    assert "submission" not in reply["msg"]
    assert "holds ex7" in "".join(ET.fromstring(reply["msg"]).itertext())  # noqa: S314  (ours)
    assert LOGIN.password not in done.output


def test_a_share_becomes_points_and_a_second_reply_breaks_nothing(site: Site) -> None:
    queue = site.queue("twice")
    queue.log_in()
    pulled = queue.pull()
    assert pulled is not None

    first, second = queue.put(pulled, REPLY), queue.put(pulled, REPLY)

    assert (site.outcome("dan")["points"], first) == (15, "")
    assert "500" in second


def test_an_empty_queue_is_no_error(site: Site) -> None:
    queue = site.queue("nothing here")
    queue.log_in()

    assert queue.pull() is None


def test_it_logs_in_when_it_has_to(site: Site) -> None:
    assert site.queue("nothing here").pull() is None


def test_a_wrong_password_is_told_without_it(site: Site) -> None:
    with pytest.raises(UsageError, match="does not let grader in") as told:
        site.queue("graded", Login("grader", "wrong-password")).log_in()

    assert "wrong-password" not in f"{told.value} {told.value.hint}"


def test_told_to_stop_it_finishes_the_one_at_hand(site: Site) -> None:
    queue = site.queue("stopped")
    queue.log_in()

    judged: list[str] = []

    def judge(pulled: Item) -> bytes:
        if not judged:
            os.kill(os.getpid(), signal.SIGTERM)
        judged.append(pulled.name)
        return REPLY

    with xqueue.stop_on_signals() as stop:
        xqueue.pull_all(queue, judge, stop, once=True)

    assert [site.outcome(name)["state"] for name in ("eve", "fay")] == ["retired", "pending"]


def test_a_reply_that_was_not_taken_is_sent_again() -> None:
    with flaky(failures=2) as (address, asked):
        waited: list[float] = []
        queue = Queue(address, "any", LOGIN, waited.append)

        assert queue.put(Item('{"submission_id": 1}', "", ""), REPLY) == ""

    assert waited == [1.0, 2.0]
    assert len(set(asked)) == 1  # the same each time


def test_what_is_never_taken_is_told_after_a_while() -> None:
    with flaky(failures=99) as (address, asked):
        queue = Queue(address, "any", LOGIN, lambda _: None)

        assert "503" in queue.put(Item('{"submission_id": 1}', "", ""), REPLY)

    assert len(asked) == 5


def test_without_a_password_it_is_told_where_to_put_it(desk: Desk, tmp_path: Path) -> None:
    alone = replace(desk, environment={**desk.environment, "HOME": str(tmp_path)})

    done = alone.run("platform", "xqueue", "--url", "http://127.0.0.1:9", "--queue", "q")

    assert done.exit_code == 2
    assert "GRADE_XQUEUE_PASSWORD" in done.stderr


def test_where_nobody_answers_it_is_told(desk: Desk) -> None:
    login = {"GRADE_XQUEUE_USER": "grader", "GRADE_XQUEUE_PASSWORD": "x"}
    known = replace(desk, environment={**desk.environment, **login})

    done = known.run("platform", "xqueue", "--url", "http://127.0.0.1:9/xqueue", "--queue", "q")

    assert done.exit_code == 3
    assert "Connection refused" in done.stderr


DEEP = "[" * 100_000
ODD = {
    "no JSON": "?",
    "nothing in it": "{}",
    "a body without end": json.dumps({"xqueue_header": "{}", "xqueue_body": DEEP}),
    "a header that cannot go back": json.dumps(
        {"xqueue_header": "\ud800", "xqueue_body": '{"student_response": ""}'}
    ),
}
FINE = json.dumps({"xqueue_header": "{}", "xqueue_body": '{"student_response": "x"}'})


@pytest.mark.parametrize("once", [True, False])
def test_one_odd_item_does_not_keep_the_others_waiting(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *, once: bool
) -> None:
    monkeypatch.setattr(xqueue, "_FIRST_PAUSE", 0.001)
    stop, judged = threading.Event(), []

    def judge(pulled: Item) -> bytes:
        judged.append(pulled.code)
        if not once:
            stop.set()
        return REPLY

    with handing(*ODD.values(), FINE) as address:
        xqueue.pull_all(Queue(address, "any", LOGIN, stop.wait), judge, stop, once=once)

    assert judged == ["x"]
    assert capsys.readouterr().err.count("something that is no submission") == len(ODD)


def test_an_answer_that_goes_on_and_on_is_no_answer() -> None:
    with handing() as address:
        queue = Queue(f"{address}/deep", "any", LOGIN, lambda _: None)

        with pytest.raises(QueueError, match="no answer of an XQueue"):
            queue.pull()


class Answers(BaseHTTPRequestHandler):
    """Says what it is told to, and nothing of its own."""

    def say(self, said: str, status: int = 200) -> None:
        self.send_response(status)
        self.end_headers()
        self.wfile.write(said.encode())

    def read(self) -> bytes:
        return self.rfile.read(int(self.headers["Content-Length"]))

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def served(answers: type[Answers]) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), answers)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def handing(*contents: str) -> Iterator[str]:
    """A queue that hands out what it is given, one after the other, and takes whatever comes."""
    left = iter(contents)

    class Handing(Answers):
        def do_GET(self) -> None:
            content = next(left, None)
            said = {"return_code": int(content is None), "content": content or "empty"}
            self.say(DEEP if "/deep/" in self.path else json.dumps(said))

        def do_POST(self) -> None:
            self.read()
            self.say('{"return_code": 0, "content": ""}')

    with served(Handing) as address:
        yield address


@contextmanager
def flaky(failures: int) -> Iterator[tuple[str, list[bytes]]]:
    """A server that fails a few times before it takes what it is sent."""
    asked: list[bytes] = []

    class Flaky(Answers):
        def do_POST(self) -> None:
            asked.append(self.read())
            failed = len(asked) <= failures
            self.say('{"return_code": 0, "content": ""}', 503 if failed else 200)

    with served(Flaky) as address:
        yield address, asked


@pytest.mark.parametrize("name", SAMPLES)
def test_a_message_for_edx_is_well_formed_xml(name: str) -> None:
    said = json.loads(xqueue.reply(shown(name)))["msg"]

    assert ET.fromstring(said).tag == "div"  # noqa: S314  (we wrote it)
    assert SECRET not in said


@pytest.mark.parametrize(
    ("payload", "exercise"),
    [
        ('{"exercise": "ex1"}', "ex1"),
        ('{"grader": "graders/ex1.py"}', "ex1"),
        ("ex1", "ex1"),
        ('{"grader": "ex9"}', ""),
        ("[1]", ""),
        ("", ""),
    ],
)
def test_the_payload_names_the_exercise(payload: str, exercise: str) -> None:
    assert xqueue_client.exercise(payload, {"ex1", "ex2"}) == exercise


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"xqueue_body": "1"}', '{"xqueue_body": 1}'])
def test_what_is_no_submission_is_refused(content: str) -> None:
    with pytest.raises(AuthorError, match="no submission"):
        xqueue_client.parse_item(content)
