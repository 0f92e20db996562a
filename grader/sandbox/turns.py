"""Many at a time, or one alone."""

import threading


class Turns:
    """Whoever wants to be alone waits for those who are there, and is waited for by all others."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._here = 0
        self._waiting = 0  # for being alone
        self._taken = False

    def begin(self, *, alone: bool) -> None:
        with self._changed:
            if alone:
                self._waiting += 1
                try:
                    self._changed.wait_for(lambda: not self._taken and not self._here)
                finally:
                    self._waiting -= 1
                    self._changed.notify_all()
                self._taken = True
            else:
                self._changed.wait_for(lambda: not self._taken and not self._waiting)
                self._here += 1

    def end(self, *, alone: bool) -> None:
        with self._changed:
            if alone:
                self._taken = False
            else:
                self._here -= 1
            self._changed.notify_all()
