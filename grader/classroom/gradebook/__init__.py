"""Attempt + Grading → what is kept of a class, and what it is worth.

One book may hold many courses; a Gradebook is one course's part of it.
"""

from grader.classroom.gradebook.book import Gradebook, opened
from grader.classroom.gradebook.rows import Entry, Extension, Kept, Override, Verdict

__all__ = ["Entry", "Extension", "Gradebook", "Kept", "Override", "Verdict", "opened"]
