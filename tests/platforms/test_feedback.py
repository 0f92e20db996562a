"""The words that a platform shows."""

from grader.platforms import feedback
from tests.samples_report import shown


def test_the_title_of_a_check_has_its_code_in_one_line() -> None:
    report = shown("matched")
    titled = report.checks[0].model_copy(update={"title": "`w` < *1*,\nsaid `b"})

    page = feedback.html(report.model_copy(update={"checks": (titled,)}))

    assert ") <code>w</code> &lt; *1*, said `b\n" in page
