"""An edX queue to hand out submissions: `edx-submissions` itself, on Django, SQLite and loopback.

Run as a program.  It reads the submissions from standard input, prints its address, and serves:
the queue at /xqueue/, what came of the submissions at /scores/.
"""

import importlib
import json
import sys
import types
import warnings
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any  # Django and what stands on it have no types
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

USER, PASSWORD, POINTS = "grader", "let-me-in", 20
_COURSE = {"course_id": "course", "item_id": "ex1", "item_type": "problem"}


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class Quiet(WSGIRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


def main(folder: Path) -> None:
    _without_event_bus()
    _configure(folder)
    for submission in json.load(sys.stdin):
        _hand_in(submission)
    wsgi: Any = importlib.import_module("django.core.wsgi")
    with make_server("127.0.0.1", 0, wsgi.get_wsgi_application(), Server, Quiet) as server:
        print(f"http://127.0.0.1:{server.server_port}", flush=True)  # noqa: T201
        server.serve_forever()


def _without_event_bus() -> None:
    """Scores go to the LMS over a bus that `edx-submissions` uses but does not require."""
    package, data, signals = (
        types.ModuleType(name)
        for name in ("openedx_events", "openedx_events.learning.data", "openedx_events.learning")
    )
    vars(data)["ExternalGraderScoreData"] = types.SimpleNamespace
    vars(signals)["EXTERNAL_GRADER_SCORE_SUBMITTED"] = types.SimpleNamespace(
        send_event=lambda **_: None
    )
    names = {
        "": package,
        ".learning": signals,
        ".learning.data": data,
        ".learning.signals": signals,
    }
    sys.modules.update({f"openedx_events{name}": module for name, module in names.items()})


def _configure(folder: Path) -> None:
    conf: Any = importlib.import_module("django.conf")
    django: Any = importlib.import_module("django")
    database = {"ENGINE": "django.db.backends.sqlite3", "NAME": str(folder / "queue.db")}
    conf.settings.configure(
        SECRET_KEY="of the tests",
        ALLOWED_HOSTS=["127.0.0.1"],
        USE_TZ=True,
        ROOT_URLCONF=__name__,
        DATABASES={"default": {**database, "OPTIONS": {"timeout": 20}}},
        INSTALLED_APPS=[
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "django.contrib.sessions",
            "submissions",
        ],
        MIDDLEWARE=[
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
        ],
        # The quickest: nobody attacks this one.
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
    )
    django.setup()
    management: Any = importlib.import_module("django.core.management")
    management.call_command("migrate", verbosity=0, run_syncdb=True)
    models: Any = importlib.import_module("django.contrib.auth.models")
    group = models.Group.objects.create(name="xqueue")
    models.User.objects.create_user(USER, password=PASSWORD).groups.add(group)


def _hand_in(submission: dict[str, str]) -> None:
    api: Any = importlib.import_module("submissions.api")
    student = {**_COURSE, "student_id": submission["student"]}
    api.create_external_grader_detail(
        student,
        submission["code"],
        queue_name=submission["queue"],
        queue_key=submission["student"],
        grader_file_name=submission["grader"],
        points_possible=POINTS,
    )


def scores(_: object) -> object:
    """Student → points, the state of the submission, and what the learner reads."""
    http: Any = importlib.import_module("django.http")
    api: Any = importlib.import_module("submissions.api")
    models: Any = importlib.import_module("submissions.models")
    found = {}
    for detail in models.ExternalGraderDetail.objects.all():
        student = detail.submission.student_item.student_id
        score = api.get_score({**_COURSE, "student_id": student})
        points = None if score is None else score["points_earned"]
        found[student] = {"points": points, "state": detail.status, "reply": detail.grader_reply}
    return http.JsonResponse(found)


def __getattr__(name: str) -> object:
    """Django asks for the addresses once it is configured."""
    if name != "urlpatterns":
        raise AttributeError(name)
    urls: Any = importlib.import_module("django.urls")
    queue = urls.include("submissions.urls")
    return [urls.path("xqueue/", queue), urls.path("scores/", scores)]


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    main(Path(sys.argv[1]))
