"""Say at the end which ways the attack suite has tried."""

import pytest


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """From the reports, so that it also works with several workers."""
    reports = [report for reports in terminalreporter.stats.values() for report in reports]
    ways = {
        str(value)
        for report in reports
        for name, value in getattr(report, "user_properties", ())
        if name == "way"
    }
    if ways:
        terminalreporter.write_line(f"attack suite: ran in {', '.join(sorted(ways))}")
