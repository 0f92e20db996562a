"""Submission + case → Run.  The trust boundary: what comes out of `box/` is a claim.

`box/` is the other side: it runs in the student's process and imports nothing else of grader.
"""
