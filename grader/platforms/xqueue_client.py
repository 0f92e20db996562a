"""The puller's side of XQueue over HTTP: log in, pull what was handed in, put replies.

Sources: openedx/edx-submissions views/xqueue.py; openedx/xqueue-watcher docs/grader-interface.md.
Every answer is `{return_code, content}`; an empty queue is return code 1.
"""

import json
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Container, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http.client import HTTPException
from http.cookiejar import CookieJar
from pathlib import PurePosixPath
from typing import Any

from grader.errors import AuthorError, GraderError, UsageError

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
class Item:
    """One submission.  The header goes back as it came."""

    header: str
    code: str
    payload: str

    @property
    def name(self) -> str:
        """For people: which submission this is."""
        header = _mapping(self.header)
        return f"submission {header.get('submission_id', '?')}"

    @property
    def suffix(self) -> str:
        return ".ipynb" if "cells" in _mapping(self.code) else ".py"


def parse_item(content: str) -> Item:
    """The JSON text in `content`, whose members are JSON text again.

    Raises AuthorError if it is something else, or its header could not be sent back: then whoever
    set the queue up has to look.
    """
    try:
        outer = json.loads(content)
        body = json.loads(outer["xqueue_body"])
        header = str(outer["xqueue_header"])
        header.encode()
        return Item(
            header=header,
            code=_text(body["student_response"]),
            payload=_text(body.get("grader_payload", "")),
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise AuthorError(f"the queue holds something that is no submission: {error!r}") from error


def exercise(payload: str, known: Container[str]) -> str:
    """The exercise that a grader payload names, or "": its id, or a path that ends in it."""
    fields = _mapping(payload)
    named = fields.get("exercise") or fields.get("grader") or payload
    path = PurePosixPath(str(named))
    return next((name for name in (str(named), path.stem, path.name) if name in known), "")


@dataclass(frozen=True, slots=True)
class Login:
    name: str
    password: str = field(repr=False)


class Queue:
    """One queue of one server.  `wait` sleeps, or returns early if we are told to stop."""

    def __init__(self, url: str, name: str, login: Login, wait: Callable[[float], object]) -> None:
        if urllib.parse.urlsplit(url).scheme not in {"http", "https"}:
            raise UsageError(f"{url} is no web address", hint="such as https://lms.example/xqueue")
        self._url = url.rstrip("/")
        self._name = name
        self._login = login
        self._wait = wait
        self._cookies = CookieJar()
        cookies = urllib.request.HTTPCookieProcessor(self._cookies)
        self._opener = urllib.request.build_opener(cookies)

    def log_in(self) -> None:
        """Raises UsageError if name or password is wrong, QueueError if nobody answers."""
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
            raise UsageError(f"{self._url} does not let {self._login.name} in: {said}", hint=hint)

    def pull(self) -> Item | None:
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
        return parse_item(content) if code == 0 else None

    def put(self, submission: Item, reply: bytes) -> str:
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

    def _put(self, submission: Item, reply: bytes) -> str:
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
                return _answer(answer.read(_LARGEST))
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


def _answer(raw: bytes) -> tuple[int, str]:
    try:
        said: Any = json.loads(raw)
        return int(said["return_code"]), str(said["content"])
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError) as error:
        raise QueueError(f"this is no answer of an XQueue: {raw[:80]!r}") from error


def _text(value: Any) -> str:  # noqa: ANN401  (JSON)
    return value if isinstance(value, str) else json.dumps(value)


def _mapping(text: str) -> dict[str, Any]:
    """An object in JSON; of anything else, nothing."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}
