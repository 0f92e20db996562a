"""What a part's runs are held against: computed where the solutions are, recorded in a release."""

from grader.keys.computed import MARGIN, Keys, case_jobs, caught
from grader.keys.key import Alike, Drawn, Key, KeyMaker, Model
from grader.keys.recorded import Recorded

__all__ = [
    "MARGIN",
    "Alike",
    "Drawn",
    "Key",
    "KeyMaker",
    "Keys",
    "Model",
    "Recorded",
    "case_jobs",
    "caught",
]
