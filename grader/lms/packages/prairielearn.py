"""An exercise → the part of PrairieLearn's `info.json` that has it graded by us.

The course, with solutions and secret, goes into `serverFilesCourse/` of the PrairieLearn course,
which students cannot see; the image is that of `image.prairielearn`.
"""

import json

MOST_SECONDS = 600


def info_snippet(
    image: str,
    exercise: str,
    *,
    folder: str = "autograd",
    isolation: str = "strong",
    timeout: int = 120,
) -> str:
    """`folder` is the course's name inside `serverFilesCourse/`; `timeout` is in seconds."""
    command = ["grade", "platform", "prairielearn"]
    options = ["--course", f"/grade/serverFilesCourse/{folder}", "--exercise", exercise]
    grading = {
        "enabled": True,
        "image": image,
        "entrypoint": [*command, *options, "--isolation", isolation],
        "serverFilesCourse": [f"{folder}/"],
        "timeout": min(timeout, MOST_SECONDS),
        "enableNetworking": False,
    }
    snippet = {"gradingMethod": "External", "externalGradingOptions": grading}
    return json.dumps(snippet, indent=2) + "\n"
