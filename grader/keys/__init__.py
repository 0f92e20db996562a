"""What a part's runs are held against: computed where the solutions are, recorded in a release."""

from grader.keys.caught import MARGIN, caught
from grader.keys.computed import Keys
from grader.keys.jobs import Way, case_jobs
from grader.keys.key import Alike, Drawn, Key, KeyMaker, Model, Unmet
from grader.keys.recorded import Recorded
from grader.keys.taken import Taken

__all__ = [
    "MARGIN",
    "Alike",
    "Drawn",
    "Key",
    "KeyMaker",
    "Keys",
    "Model",
    "Recorded",
    "Taken",
    "Unmet",
    "Way",
    "case_jobs",
    "caught",
]
