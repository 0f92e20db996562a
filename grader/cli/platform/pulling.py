"""`grade platform xqueue`: pull submissions from edX, grade them, put the results."""

import netrc
import os
import signal
import urllib.parse
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from types import FrameType

import click

from grader import workshop
from grader.cli.platform.judging import Judged, belonging, verdict
from grader.cli.platform.options import isolation_line
from grader.cli.setup import Setup, course_option, isolation_option
from grader.collect import parse
from grader.errors import NothingToGrade, StudentError
from grader.exporters.text import inert, visible
from grader.lms import trouble, xqueue
from grader.lms.trouble import Trouble
from grader.lms.xqueue import Pulled
from grader.lms.xqueue_client import Login, Queue, QueueError
from grader.workshop import Workshop

_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 30.0  # seconds between looks at an empty queue
_NAME, _PASSWORD = "GRADE_XQUEUE_USER", "GRADE_XQUEUE_PASSWORD"

Judge = Callable[[Pulled], bytes]


@click.command("xqueue")
@click.option("--url", required=True, help="Such as https://lms.example/xqueue.")
@click.option("--queue", "name", required=True, help="The queue's name.")
@click.option(
    "--credentials",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="A file that holds `name:password`; else GRADE_XQUEUE_USER and GRADE_XQUEUE_PASSWORD, "
    "else ~/.netrc.",
)
@click.option("--once", is_flag=True, help="End when the queue is empty.")
@isolation_option
@course_option
@click.pass_context
def xqueue_command(  # noqa: PLR0913  (one parameter an option)
    ctx: click.Context,
    url: str,
    name: str,
    credentials: Path | None,
    isolation: str | None,
    *,
    once: bool,
) -> None:
    """Pull submissions from an edX queue, grade them, put the results.

    SIGTERM or Ctrl-C lets it finish the one at hand.
    """
    setup = ctx.ensure_object(Setup)
    login = _login(url, credentials, os.environ)
    with (
        _stopped_by_signals() as stop,
        workshop.opened(setup.course, isolation=isolation, may_make_secret=False) as shop,
    ):
        _tell(isolation_line(shop.sandbox.isolation))
        queue = Queue(url, name, login, stop.wait)
        queue.log_in()
        _pull_all(queue, lambda pulled: _judged(setup, shop, pulled), stop, once=once)


def _pull_all(queue: Queue, judge: Judge, stop: Event, *, once: bool) -> None:
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
        except StudentError:  # the password is no longer right
            raise
        except Exception as error:  # one odd item; the others are graded
            if once and (isinstance(error, QueueError) or pause == _LONGEST_PAUSE):
                raise
            _tell(str(error) or repr(error))
        stop.wait(pause)
        pause = min(2 * pause, _LONGEST_PAUSE)


def _pull_one(queue: Queue, judge: Judge) -> bool:
    """Whether there was one."""
    pulled = queue.pull()
    if pulled is None:
        return False
    problem = queue.put(pulled, judge(pulled))
    later = "; the queue will hand it out again if it has no result"
    _tell(f"{pulled.name}: " + (f"not taken: {problem}{later}" if problem else "graded"))
    return True


def _judged(setup: Setup, shop: Workshop, pulled: Pulled) -> bytes:
    found = _verdict(setup, shop, pulled)
    if isinstance(found, Judged):
        try:
            return xqueue.reply(found.student)
        except Exception as error:  # noqa: BLE001  (ours; without an answer it would come again)
            found = trouble.ours(error)
    _tell(f"{pulled.name}: {found.details}")
    return xqueue.trouble(found)


def _verdict(setup: Setup, shop: Workshop, pulled: Pulled) -> Judged | Trouble:
    try:
        asked = xqueue.exercise(pulled.payload, setup.course.paths)
        path = Path(f"{asked or 'submission'}{pulled.suffix}")
        try:
            submission = parse(path, pulled.code.encode(errors="surrogatepass"))
            exercise = belonging(setup, submission, asked)
        except (StudentError, NothingToGrade) as error:
            return trouble.theirs(error, path.parent)
        return verdict(submission, exercise, shop)
    except Exception as error:  # noqa: BLE001  (the others in the queue are graded)
        return trouble.ours(error)


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
        raise StudentError(f"no name and password for {host}", hint=hint)
    return Login(known[0], known[2])


def _login_in(file: Path) -> Login:
    try:
        name, colon, password = file.read_text(encoding="utf-8").strip().partition(":")
    except (OSError, UnicodeDecodeError) as error:
        raise StudentError(f"{file} cannot be read: {error}") from None
    if not colon:
        raise StudentError(f"{file} holds no `name:password`", hint="write it in one line")
    return Login(name, password)


@contextmanager
def _stopped_by_signals() -> Iterator[Event]:
    """An event that SIGTERM and SIGINT set; the second one ends us at once."""
    stop = Event()
    kinds = (signal.SIGTERM, signal.SIGINT)
    before = {kind: signal.getsignal(kind) for kind in kinds}

    def told(kind: int, frame: FrameType | None) -> None:
        del frame
        stop.set()
        signal.signal(kind, before[signal.Signals(kind)])

    for kind in kinds:
        signal.signal(kind, told)
    try:
        yield stop
    finally:
        for kind, handler in before.items():
            signal.signal(kind, handler)


def _tell(said: str) -> None:
    click.echo(f"grade: {inert(visible(said))}", err=True)
