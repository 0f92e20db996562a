"""Check kinds: one file each, and the union of them that the course format reads."""

from typing import Annotated

from pydantic import Discriminator

from grader.checks.answers import Answers
from grader.checks.bounded import Bounded
from grader.checks.close import Close
from grader.checks.derived import Derived
from grader.checks.raises import Raises
from grader.checks.shares import Shares
from grader.checks.source import Source
from grader.checks.state import State
from grader.checks.unchanged import Unchanged

AnyCheck = Annotated[
    Close | State | Raises | Shares | Unchanged | Bounded | Answers | Source | Derived,
    Discriminator("kind"),
]
