"""Who is meant by a word: one rule for rosters, platforms' files and the command line."""

import pytest

from grader.classroom.cohort import Directory, Student

ANA = Student("ana", email="Ana@uni.example", aliases=("17",))
ANA_TOO = Student("Ana", email="other@uni.example", aliases=("18",))
BO = Student("18", email="bo@uni.example")
CLASS = Directory((ANA, ANA_TOO, BO))


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("ana", [ANA]),  # as it is written
        ("Ana", [ANA_TOO]),
        ("ANA", [ANA, ANA_TOO]),  # which of the two is not guessed
        (" ana ", [ANA]),
        ("17", [ANA]),
        ("18", [BO]),  # an id comes before what somebody else is called, too
        ("ana@UNI.example", [ANA]),
        ("", []),
        ("eve", []),
    ],
)
def test_an_id_as_it_is_written_comes_first_then_all_words_in_any_case(
    word: str, meant: list[Student]
) -> None:
    assert list(CLASS.called(word)) == meant


def test_a_letter_is_the_same_however_it_is_composed() -> None:
    assert Directory((Student("s1", aliases=("Jos\u00e9",)),)).called("jose\u0301")
