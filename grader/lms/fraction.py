"""Report → the share of the points, for platforms that want 0 to 1."""

from grader.shown import Report


def fraction(report: Report) -> float:
    """Clamped: platforms multiply it, and do not look whether it is above 1."""
    if report.max_points <= 0:
        return 1.0 if report.outcome == "passed" else 0.0
    return round(min(1.0, max(0.0, report.points / report.max_points)), 6)
