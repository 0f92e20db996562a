"""A user's own layout: a regular expression with named groups, over the whole name inside."""

import re

from grader.classroom.cohort import Student
from grader.classroom.intake.layout import Claim, Layout
from grader.classroom.intake.times import moment
from grader.classroom.intake.tree import Left, Tree
from grader.errors import UsageError

GROUPS = ("student", "exercise", "time", "first_name", "last_name", "email")


def compile_pattern(pattern: str) -> re.Pattern[str]:
    """Raises UsageError for what is no expression, or names no student."""
    hint = f"for example (?P<student>[^/]+)/(?P<exercise>ex[0-9]+).*; groups: {', '.join(GROUPS)}"
    try:
        expression = re.compile(pattern)
    except (re.error, RecursionError, OverflowError) as error:
        raise UsageError(f"the pattern is no regular expression: {error}", hint=hint) from None
    if "student" not in expression.groupindex:
        raise UsageError("the pattern has no group called student", hint=hint)
    unknown = ", ".join(expression.groupindex.keys() - set(GROUPS))
    if unknown:
        raise UsageError(f"the pattern has groups that mean nothing: {unknown}", hint=hint)
    return expression


def read(tree: Tree, expression: re.Pattern[str]) -> Layout:
    claims, left = [], []
    for file in tree.files:
        match = expression.fullmatch(file)
        if not match:
            left.append(Left(tree.where(file), "does not match the pattern"))
            continue
        claim = _claim(match)
        if match.groupdict().get("time") and not claim.at:
            left.append(Left(tree.where(file), f"{match['time']} is no time"))
        else:
            claims.append(claim)
    return Layout("the pattern", tree, tuple(claims), tuple(left))


def _claim(match: re.Match[str]) -> Claim:
    groups = {key: value or "" for key, value in match.groupdict().items()}
    name = f"{groups.get('first_name', '')} {groups.get('last_name', '')}".strip()
    student = Student(groups["student"], name, groups.get("email", ""))
    at = moment(groups.get("time", ""))
    return Claim(match[0], (student,), groups.get("exercise", ""), at, unit=student.id)
