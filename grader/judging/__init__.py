"""Submission → Graded: the key, the runs, the verdict, the diagnosis."""
