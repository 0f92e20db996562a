"""Jobs → what came of them, a few at a time, through one warm fork server.

The parent keeps the clock and the caps: it kills by pidfd at the deadline, reads at most so many
bytes, and parses only when a message is complete.
"""

import os
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from types import TracebackType
from typing import Self

from grader.errors import GraderError
from grader.model import Isolation
from grader.sandbox import scratch
from grader.sandbox.box.isolation.lacks import Refusal
from grader.sandbox.box.isolation.modes import MODES
from grader.sandbox.channel import Channel
from grader.sandbox.forkserver import Ahead, ForkServer, ServerDied, senseless
from grader.sandbox.jobs import SLOW_FIRST_TIME, Job
from grader.sandbox.running import Ending
from grader.sandbox.turns import Turns

_GRACE_SECONDS = 2  # for the server to end what its children started
_TRIES = 2  # of a run that the machine starved, alone; of a server that dies as it is asked
_DIED = "the process that runs student code has died"
_DIED_HINT = "try again; if it dies each time, look for code that ends its parent process"
_WORN_OUT = 2000  # runs; each is another user, and there are 4096 of them


class Sandbox:
    """A fork server and its children.  Use as a context manager; threads may share it."""

    def __init__(
        self, *, slots: int | None = None, mode: str | None = None, ahead: Ahead | None = None
    ) -> None:
        self.slots = slots or len(os.sched_getaffinity(0))
        self._modes = [mode] if mode else list(MODES)  # those still to be tried, best first
        self.refused: dict[str, Refusal] = {}  # mode → why it is not the one
        self._ahead = ahead
        self._lock = threading.Lock()
        self._turns = Turns()
        self._server: ForkServer | None = None
        self._settled = False
        self._idle: list[Channel] = []

    @property
    def isolation(self) -> Isolation:
        """How student code is confined, as attacks from inside have shown."""
        with self._lock:
            server = self._settle()
        level, missing = server.mode.worth(in_group=server.in_group)
        return Isolation(server.mode.name, level, missing)

    def __enter__(self) -> Self:
        scratch.sweep()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the fork server and all that it has started."""
        with self._lock:
            self._retire()

    def start(self) -> None:
        """Start the fork server, if none is alive; returns at once."""
        with self._lock:
            self._start()

    def warm(self) -> None:
        """Have all loaded that any run could need; returns at once, the server does it later."""
        channel = self._borrow(alone=False)
        with suppress(ServerDied):  # the next run will meet it, too
            channel.warm(SLOW_FIRST_TIME)
        self._give_back(channel, clean=True, alone=False)

    def run(self, jobs: Sequence[Job]) -> list[Ending]:
        """Run all jobs, at most `slots` at a time, and give their endings in the same order."""
        endings = dict(self.as_they_end(jobs))
        return [endings[index] for index in range(len(jobs))]

    def as_they_end(self, jobs: Sequence[Job]) -> Iterator[tuple[int, Ending]]:
        """Run all jobs and give (index, ending) in the order in which they end.

        What ends through no fault of its own code is run once more, by another server.  What the
        machine starved is run again when all else is through, and alone.
        Raises GraderError if that server dies as well.
        """
        starved = []
        for index, ending in self._by_some_server(dict(enumerate(jobs)), alone=False):
            if ending.starved:
                starved.append(index)
            else:
                yield index, ending
        for index in starved:
            yield index, self._run_alone(jobs[index])

    def _run_alone(self, job: Job) -> Ending:
        for _ in range(_TRIES):
            ((_, ending),) = self._by_some_server({0: job}, alone=True)
            if not ending.starved:
                break
        return ending

    def _by_some_server(
        self, jobs: Mapping[int, Job], *, alone: bool
    ) -> Iterator[tuple[int, Ending]]:
        left = dict(jobs)
        for last in (False, True):
            channel = self._borrow(alone=alone)
            try:
                for index, ending in channel.as_they_end(left, self.slots):
                    if ending.ready or last:
                        del left[index]
                        yield index, ending
            except ServerDied as error:
                if last:
                    raise GraderError(_DIED, hint=_DIED_HINT) from error
            finally:
                self._give_back(channel, clean=not left, alone=alone)
            if not left:
                return

    # --- the server ----------------------------------------------------------------------------

    def _borrow(self, *, alone: bool) -> "Channel":
        with self._lock:
            crowded = self._settle().crowded
        alone = alone or crowded
        self._turns.begin(alone=alone)
        try:
            with self._lock:
                channel = self._open()
                channel.server.lent += 1
                return channel
        except BaseException:
            self._turns.end(alone=alone)
            raise

    def _open(self) -> "Channel":
        """A channel that nobody uses, or a new one.  A server may die just as it is asked."""
        for _ in range(_TRIES):
            server = self._settle()
            if self._idle:
                return self._idle.pop()
            with suppress(ServerDied):
                return Channel(server)
            self._retire()
        raise GraderError(_DIED, hint=_DIED_HINT)

    def _give_back(self, channel: "Channel", *, clean: bool, alone: bool) -> None:
        """Take a channel back; a server of which something is wrong is not used again."""
        server = channel.server
        self._turns.end(alone=alone or server.crowded)
        with self._lock:
            server.lent -= 1
            if clean and server is self._server and server.runs < _WORN_OUT:
                self._idle.append(channel)
                return
            channel.close()
            if server is self._server:
                self._leave()
            unused = not server.lent
        if not clean:
            server.close(grace_seconds=_GRACE_SECONDS)
        elif unused:
            server.close()

    def _start(self) -> ForkServer:
        if self._server is not None and not self._server.alive:
            self._retire()
        if self._server is None:
            while wrong := senseless(self._modes[0]):
                self._refuse(wrong)
            ahead = self._ahead and self._ahead.take(self._modes[0])
            self._server = ahead or ForkServer(self._modes[0])
        return self._server

    def _settle(self) -> ForkServer:
        """Find the best mode that can be entered here, and that holds against attacks.

        A mode that does not is tried twice: what it lacked may have been lacking for a moment.
        """
        tries = 2
        while not self._settled:
            wrong = self._start().refusal()
            if wrong:
                tries -= 1
                self._retire()
                if not tries:
                    self._refuse(wrong)
                    tries = 2
            self._settled = not wrong
        return self._start()

    def _refuse(self, wrong: Refusal) -> None:
        mode = self._modes[0]
        self.refused[mode] = wrong
        if len(self._modes) == 1:
            raise GraderError(f"mode {mode} does not work here: {wrong.words}")
        self._modes.remove(mode)

    def _retire(self) -> None:
        server = self._server
        self._leave()
        if server is not None:
            server.close()

    def close_channels(self) -> None:
        """Those that nobody uses; the fork server goes on."""
        with self._lock:
            self._close_idle()

    def forget_channels(self) -> None:
        """They belong to the process that this one was forked from."""
        self._idle.clear()

    def _leave(self) -> None:
        """The next run gets another server; runs that go on keep this one."""
        self._close_idle()
        self._server, self._settled = None, False

    def _close_idle(self) -> None:
        for channel in self._idle:
            channel.close()
        self._idle.clear()


@contextmanager
def opened(slots: int | None = None, lent: Sandbox | Ahead | None = None) -> Iterator[Sandbox]:
    """A sandbox that ends with the context, around the server that was started ahead if one was.

    One that was lent by the process that this one was forked from is left running.
    """
    if lent is None or isinstance(lent, Ahead):
        with Sandbox(slots=slots, ahead=lent) as sandbox:
            yield sandbox
        return
    lent.forget_channels()
    try:
        yield lent
    finally:
        lent.close_channels()
