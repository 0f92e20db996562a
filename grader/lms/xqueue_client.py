"""The puller's side of XQueue over HTTP: log in, pull, put.

Source: openedx/edx-submissions views/xqueue.py.  Every answer is `{return_code, content}`; an empty
queue is return code 1.
"""

import json
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http.client import HTTPException
from http.cookiejar import CookieJar
from typing import Any

from grader.errors import GraderError, StudentError
from grader.lms.xqueue import Pulled, pulled

_SECONDS = 30  # for one request
_REFUSED = {401, 403}
_LARGEST = 64 * 1024 * 1024
_WAITS = (1.0, 2.0, 4.0, 8.0)  # seconds between tries to put


class QueueError(GraderError):
    """The queue cannot be reached, or answers with something else.  `status` is HTTP's, or 0."""

    def __init__(self, message: str, *, status: int = 0) -> None:
        super().__init__(message, hint="is this the address of the queue, and is it up?")
        self.status = status


@dataclass(frozen=True, slots=True)
class Login:
    name: str
    password: str = field(repr=False)


class Queue:
    """One queue of one server.  `wait` sleeps, or returns early if we are told to stop."""

    def __init__(self, url: str, name: str, login: Login, wait: Callable[[float], object]) -> None:
        if urllib.parse.urlsplit(url).scheme not in {"http", "https"}:
            raise StudentError(
                f"{url} is no web address", hint="such as https://lms.example/xqueue"
            )
        self._url = url.rstrip("/")
        self._name = name
        self._login = login
        self._wait = wait
        self._cookies = CookieJar()
        cookies = urllib.request.HTTPCookieProcessor(self._cookies)
        self._opener = urllib.request.build_opener(cookies)

    def log_in(self) -> None:
        """Raises StudentError if name or password is wrong, QueueError if nobody answers."""
        self._ask("login/")
        form = {"username": self._login.name, "password": self._login.password}
        try:
            code, said = self._ask("login/", form)
        except QueueError as error:
            if error.status not in _REFUSED:
                raise
            code, said = 1, str(error)
        if code != 0:
            hint = "check the name and the password; the account needs the group `xqueue`"
            raise StudentError(f"{self._url} does not let {self._login.name} in: {said}", hint=hint)

    def pull(self) -> Pulled | None:
        """The next submission, or None if there is none.  Logs in again where that has lapsed.

        Raises QueueError, and AuthorError for what is no submission.
        """
        path = f"get_submission/?{urllib.parse.urlencode({'queue_name': self._name})}"
        try:
            code, content = self._ask(path)
        except QueueError as error:
            if error.status not in _REFUSED:
                raise
            self.log_in()
            code, content = self._ask(path)
        return pulled(content) if code == 0 else None

    def put(self, submission: Pulled, reply: bytes) -> str:
        """Hand in a reply, trying again for a while; "" or why it was not taken.

        What was not taken is handed out again after five minutes, so nothing is lost.
        """
        problem = self._put(submission, reply)
        for seconds in _WAITS:
            if not problem:
                break
            self._wait(seconds)
            problem = self._put(submission, reply)
        return problem

    def _put(self, submission: Pulled, reply: bytes) -> str:
        form = {"xqueue_header": submission.header, "xqueue_body": reply.decode()}
        try:
            code, said = self._ask("put_result/", form)
        except QueueError as error:
            if error.status in _REFUSED:
                with suppress(GraderError):  # why comes with the next pull
                    self.log_in()
            return str(error)
        return "" if code == 0 else said or "refused"

    def _ask(self, path: str, form: Mapping[str, str] | None = None) -> tuple[int, str]:
        url = f"{self._url}/{path}"
        data = None if form is None else urllib.parse.urlencode(form).encode()
        request = urllib.request.Request(url, data, self._headers(url))  # noqa: S310  (http only)
        try:
            with self._opener.open(request, timeout=_SECONDS) as answer:
                return _told(answer.read(_LARGEST))
        except urllib.error.HTTPError as error:
            with error:
                said = f"{error.code} {error.reason}"
            raise QueueError(f"{url}: {said}", status=error.code) from None
        except (OSError, HTTPException) as error:
            raise QueueError(f"{url}: {error}") from None

    def _headers(self, url: str) -> dict[str, str]:
        """Django wants the token of its cookie and, over https, to know where we come from."""
        token = next((each.value for each in self._cookies if each.name == "csrftoken"), None)
        return {"Referer": url, **({"X-CSRFToken": token} if token else {})}


def _told(raw: bytes) -> tuple[int, str]:
    try:
        answer: Any = json.loads(raw)
        return int(answer["return_code"]), str(answer["content"])
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError) as error:
        raise QueueError(f"this is no answer of an XQueue: {raw[:80]!r}") from error
