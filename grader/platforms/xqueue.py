"""edX: pull from an XQueue what was handed in, grade it, put the replies.

Rounding: `score` is the share of the points, 0 to 1, clamped: edX multiplies it and does not look.
`msg` is HTML that is well-formed XML, or the learner would see nothing.
"""

import json
import netrc
import os
import signal
import urllib.parse
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Event
from types import FrameType

import click

from grader.classroom.collect import parse
from grader.errors import Exit, NothingToGrade, StudentError, UsageError
from grader.judging import workshop
from grader.judging.workshop import Workshop
from grader.platforms import feedback
from grader.platforms import trouble as troubles
from grader.platforms.platform import Grading, Platform
from grader.platforms.submission import Judged, Order, exercise_of, isolation_line, judge_file
from grader.platforms.trouble import Trouble
from grader.platforms.xqueue_client import Item, Login, Queue, QueueError, exercise
from grader.reporting.exporters.text import inert, visible
from grader.reporting.shown import Report

_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 30.0  # seconds between looks at an empty queue
_NAME, _PASSWORD = "GRADE_XQUEUE_USER", "GRADE_XQUEUE_PASSWORD"

Judge = Callable[[Item], bytes]


def reply(report: Report) -> bytes:
    return _reply(report.outcome == "passed", feedback.share(report), feedback.html(report))


def trouble(found: Trouble) -> bytes:
    """Without an answer the same submission would come again and again, so the score is 0."""
    return _reply(correct=False, score=0.0, said=found.html)


def _reply(correct: bool, score: float, said: str) -> bytes:  # noqa: FBT001  (a field of JSON)
    return json.dumps({"correct": correct, "score": score, "msg": said}).encode()


def grade(order: Order, url: str, name: str, credentials: Path | None, *, once: bool) -> Exit:
    """Pull submissions from an edX queue, grade them, put the results.

    SIGTERM or Ctrl-C lets it finish the one at hand.
    """
    login, course = _login(url, credentials, os.environ), order.setup.course
    with (
        stop_on_signals() as stop,
        workshop.opened(
            course, isolation=order.isolation, may_make_secret=False, sandbox=order.setup.sandbox()
        ) as shop,
    ):
        _tell(isolation_line(shop.sandbox.isolation))
        queue = Queue(url, name, login, stop.wait)
        queue.log_in()
        pull_all(queue, lambda item: _reply_to(item, order, shop), stop, once=once)
    return Exit.PASSED


def pull_all(queue: Queue, judge: Judge, stop: Event, *, once: bool) -> None:
    """One after the other; an empty queue, or one that does not answer, is looked at less often.

    What is no submission is told and left behind; if there seems to be nothing else, `once` ends.
    """
    pause = _FIRST_PAUSE
    while not stop.is_set():
        try:
            if _pull_one(queue, judge):
                pause = _FIRST_PAUSE
                continue
            if once:
                return
        except UsageError:  # the password is no longer right
            raise
        except Exception as error:  # one odd item; the others are graded
            if once and (isinstance(error, QueueError) or pause == _LONGEST_PAUSE):
                raise
            _tell(str(error) or repr(error))
        stop.wait(pause)
        pause = min(2 * pause, _LONGEST_PAUSE)


def _pull_one(queue: Queue, judge: Judge) -> bool:
    """Whether there was one."""
    item = queue.pull()
    if item is None:
        return False
    problem = queue.put(item, judge(item))
    later = "; the queue will hand it out again if it has no result"
    _tell(f"{item.name}: " + (f"not taken: {problem}{later}" if problem else "graded"))
    return True


def _reply_to(item: Item, order: Order, shop: Workshop) -> bytes:
    found = _judge(item, order, shop)
    if isinstance(found, Judged):
        try:
            return reply(found.student)
        except Exception as error:  # noqa: BLE001  (ours; without an answer it would come again)
            found = troubles.ours(error)
    _tell(f"{item.name}: {found.details}")
    return trouble(found)


def _judge(item: Item, order: Order, shop: Workshop) -> Judged | Trouble:
    try:
        asked = exercise(item.payload, order.setup.course.paths)
        path = Path(f"{asked or 'submission'}{item.suffix}")
        try:
            submission = parse(path, item.code.encode(errors="surrogatepass"))
            found = exercise_of(submission, replace(order, exercise=asked))
        except (StudentError, NothingToGrade) as error:
            return troubles.theirs(error, path.parent)
        return judge_file(submission, found, shop)
    except Exception as error:  # noqa: BLE001  (the others in the queue are graded)
        return troubles.ours(error)


def _login(url: str, file: Path | None, environ: Mapping[str, str]) -> Login:
    """Never from the command line, which every user of the machine can read."""
    if file is not None:
        return _login_in(file)
    if environ.get(_NAME) and environ.get(_PASSWORD):
        return Login(environ[_NAME], environ[_PASSWORD])
    host = urllib.parse.urlsplit(url).hostname or ""
    try:
        known = netrc.netrc().authenticators(host)
    except (OSError, netrc.NetrcParseError):
        known = None
    if known is None:
        hint = f"set {_NAME} and {_PASSWORD}, or name a file: --credentials FILE"
        raise UsageError(f"no name and password for {host}", hint=hint)
    return Login(known[0], known[2])


def _login_in(file: Path) -> Login:
    try:
        name, colon, password = file.read_text(encoding="utf-8").strip().partition(":")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{file} cannot be read: {error}") from None
    if not colon:
        raise UsageError(f"{file} holds no `name:password`", hint="write it in one line")
    return Login(name, password)


@contextmanager
def stop_on_signals() -> Iterator[Event]:
    """An event that SIGTERM and SIGINT set; the second one ends us at once."""
    stop = Event()
    kinds = (signal.SIGTERM, signal.SIGINT)
    before = {kind: signal.getsignal(kind) for kind in kinds}

    def stop_after_this(kind: int, frame: FrameType | None) -> None:
        del frame
        stop.set()
        signal.signal(kind, before[signal.Signals(kind)])

    for kind in kinds:
        signal.signal(kind, stop_after_this)
    try:
        yield stop
    finally:
        for kind, handler in before.items():
            signal.signal(kind, handler)


def _tell(said: str) -> None:
    click.echo(f"grade: {inert(visible(said))}", err=True)


PLATFORM = Platform(
    "xqueue",
    grading=Grading(
        grade,
        (
            click.option("--url", required=True, help="Such as https://lms.example/xqueue."),
            click.option("--queue", "name", required=True, help="The queue's name."),
            click.option(
                "--credentials",
                metavar="FILE",
                type=click.Path(path_type=Path),
                help="A file that holds `name:password`; else GRADE_XQUEUE_USER and "
                "GRADE_XQUEUE_PASSWORD, else ~/.netrc.",
            ),
            click.option("--once", is_flag=True, help="End when the queue is empty."),
        ),
        root=None,
    ),
)
