"""What a part's runs are held against: computed where the solutions are, recorded in a release."""

from grader.judging.keys.caught import MARGIN, caught
from grader.judging.keys.computed import Keys
from grader.judging.keys.jobs import Way, case_jobs
from grader.judging.keys.key import Alike, Drawn, Key, KeyMaker, Model, Unmet
from grader.judging.keys.recorded import Recorded
from grader.judging.keys.taken import Taken

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
