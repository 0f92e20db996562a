"""Who is in a class, from any list that a platform or a person writes; nobody is guessed."""

from pathlib import Path

import pytest

from grader.classroom.cohort import Student
from grader.classroom.intake.roster import Roster, read
from grader.errors import StudentError, UsageError

ANA = "Ana O'Brien-Lee"
ROW = "a1,O'Brien-Lee,Ana,ana@made.example,red\n"


@pytest.fixture
def csv(tmp_path: Path) -> Path:
    return tmp_path / "roster.csv"


def of(csv: Path, text: str | bytes) -> tuple[Student, ...]:
    csv.write_bytes(text.encode() if isinstance(text, str) else text)
    return read(csv).students


@pytest.mark.parametrize(
    "text",
    [
        f"Student ID,Name,E-mail,Group\na1,{ANA},ana@made.example,red\n",
        f"sid;full name;email address;team\r\na1;{ANA};ana@made.example;red\r\n",
        "sid\tFirst name\tSurname\tmail\tgroup\na1\tAna\tO'Brien-Lee\tana@made.example\tred",
        f"group,NAME,email,id\nred,{ANA},ana@made.example,a1,,\n\n,,,\n",
        f"sep=;\nid;name;email;group\na1;{ANA};ana@made.example;red\n",
        f"Matrikelnummer,Name,Vorname,E-Mail-Adresse,Gruppe\n{ROW}",
        f"ID-Nummer,Vollständiger Name,E-Mail,Gruppe\na1,{ANA},ana@made.example,red\n",
        f"Numéro d'étudiant,Nom,Prénom,Adresse de courriel,Groupe\n{ROW}",
        f"Usuario,Apellido(s),Nombre,Direccion de correo,Grupo\n{ROW}",
    ],
    ids=[
        *("comma", "semicolon", "tab", "other order", "Excel"),
        *("German", "Moodle in German", "French", "Spanish"),
    ],
)
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_headers_and_separators_are_recognised(csv: Path, text: str, mark: str) -> None:
    assert of(csv, mark + text) == (Student("a1", ANA, "ana@made.example", "red"),)


def test_a_canvas_gradebook_has_rows_that_are_nobody(csv: Path) -> None:
    text = """\
Student,ID,SIS User ID,SIS Login ID,Section,Slopes (17),Current Score
,,,,,Manual Posting,(read only)
    Points Possible,,,,,10.00,(read only)
"O'Brien-Lee, Ana",17,a1,ana,One,,90
"Student, Test",99,,t3st,One,,
"""

    ana, test = of(csv, text)

    assert ana == Student("17", "O'Brien-Lee, Ana", aliases=("a1", "ana"))
    assert test.id == "99"


def test_a_moodle_worksheet_knows_its_people_by_address(csv: Path) -> None:
    text = """\
\ufeffIdentifier,"Full name","Email address",Status,Grade,"Feedback comments"
"Participant 17","Ana O'Brien_Lee",ana@made.example,"Submitted, marked",,"two
lines"
"""

    [ana] = of(csv, text)

    assert ana.id == "ana@made.example"
    assert ana.aliases == ("Participant 17",)


@pytest.mark.parametrize(
    ("head", "cell"),
    [
        ("ID,Vollständiger Name,E-Mail-Adresse", "Teilnehmer/in17"),
        ("Identifiant,Nom complet,Adresse de courriel", "Participant 17"),
        ("Identificador,Nombre completo,Dirección de correo", "Participante17"),
    ],
)
def test_a_worksheet_s_numbers_are_no_ids_in_any_language(csv: Path, head: str, cell: str) -> None:
    [ana] = of(csv, f"{head}\n{cell},{ANA},ana@made.example\n")

    assert ana == Student("ana@made.example", ANA, "ana@made.example", "", ("Participant 17",))


@pytest.mark.parametrize("head", ["github_username", "GitHub user", "NetID"])
def test_what_a_code_host_calls_somebody_is_a_login(csv: Path, head: str) -> None:
    [ana] = of(csv, f"id,name,{head}\na1,{ANA},ana-codes\n")

    assert ana.aliases == ("ana-codes",)


def test_a_french_login_is_no_number(csv: Path) -> None:
    assert of(csv, "identifiant,nom\nlee17,Lee\n") == (Student("lee17", "Lee"),)


def test_a_blind_worksheet_knows_numbers_alone(csv: Path) -> None:
    assert of(csv, "Identifier,Status\nTeilnehmer/in 17,\n") == (Student("Participant 17"),)


def test_a_moodle_gradebook_joins_first_and_last_names(csv: Path) -> None:
    text = "First name,Last name,ID number,Email address,Quiz\nAna,Lee,,ana@made.example,-\n"

    assert of(csv, text) == (Student("ana@made.example", "Ana Lee", "ana@made.example"),)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "line 1: no column has ids or e-mail addresses; the headings are: none"),
        ("Name,Colour\nAna,red\n", "line 1: no column has ids .* are: Name, Colour"),
        ("sep=;\nName;Colour\n", "line 2: no column has ids"),
        ("id,name,email\ns0,Lee, Zoë,s0@x\n", "line 2 has 4 cells, the heading 3"),
        ("sep=,\nid,name\na1,Ana,\nb1,Lee, Bob\n", "line 4 has 3 cells, the heading 2"),
        ("id,email\na1,a@x\nb1,Zoë\n", "line 3: 'Zoë' is no e-mail address"),
        ("id,name\na1,Ana\n,Bob\n", "line 3: there is no student id"),
        ('id,name\na1,"Ana\nLee"\n../b,Bob\n', "line 4: the student id '../b' looks like a path"),
        ("id\na1\nb1\na1\n", "line 4: a1 stands in line 2 as well"),
        ("id\na\u202eb\n", "line 2: the student id 'a\\\\u202eb' has a character"),
        (b"id,name\na1,Jos\xe9\n", "line 2: not UTF-8"),
        ('id,name\na1,"Ana"x\n', "line 2: "),
    ],
)
def test_what_cannot_be_used_is_told_with_its_line(csv: Path, text: str | bytes, says: str) -> None:
    with pytest.raises(UsageError, match=says):
        of(csv, text)


@pytest.mark.parametrize("id_", ["007", "NaN", "1e5", "TRUE", "=1+1"])
def test_ids_stay_text(csv: Path, id_: str) -> None:
    assert of(csv, f"id\n{id_}\n") == (Student(id_),)


def test_a_roster_that_is_no_file_says_so(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none.csv"):
        with pytest.raises(UsageError, match=str(path)):
            read(path)


CLASS = Roster(
    (
        Student("a1", ANA, "ana@made.example", "red", ("17", "ana")),
        Student("b1", "Bob Smith", "bob@made.example", "red", ("18",)),
        Student("c1", "Smith, Bob", "c@made.example", "blue", ("19", "bob2")),
        Student("d1", "की"),  # the vowel is a mark, and part of the name
        Student("A2", "José María García López", "", "Blue Öne"),
    )
)


@pytest.mark.parametrize("key", ["a1", "A1", "17", "ANA", "Ana@Made.Example", " a1 "])
def test_a_student_is_found_by_any_key(key: str) -> None:
    assert CLASS.student_for(key).id == "a1"


@pytest.mark.parametrize(
    ("name", "id_"),
    [
        ("Ana OBrien-Lee", "a1"),  # Moodle
        ("obrienleeana", "a1"),  # Canvas
        ("garcíalópezjosémaría", "A2"),
        ("jose\u0301 mari\u0301a garci\u0301a lo\u0301pez", "A2"),  # a Mac
    ],
)
def test_a_name_is_enough_if_it_is_one_student_s(name: str, id_: str) -> None:
    assert CLASS.student_for("unknown", name=name).id == id_


@pytest.mark.parametrize(
    ("keys", "name", "says"),
    [
        (("x9",), "", "no student on the roster matches x9"),
        (("",), "", "matches an empty id"),
        ((), "Bob Smith", "Bob Smith may be any of b1, c1"),
        (("17", "b1"), "", "17, b1 may be any of a1, b1"),
        (("18",), ANA, "may be any of b1, a1"),
        ((), "jose maria garcia lopez", "no student"),
        ((), "क", "no student"),
    ],
)
def test_nobody_is_guessed(keys: tuple[str, ...], name: str, says: str) -> None:
    with pytest.raises(StudentError, match=says):
        CLASS.student_for(*keys, name=name)


def test_an_id_outranks_a_key_that_is_spelled_alike() -> None:
    roster = Roster((Student("7"), Student("8", aliases=("7",))))

    assert roster.student_for("7").id == "7"


def test_the_number_of_a_group_is_not_taken_for_a_student_s() -> None:
    """Moodle calls a group's work `<group>_<N>`, with numbers of their own."""
    found = CLASS.matching(Student("Participant 17", "Red"))

    assert [student.id for student in found] == ["a1", "b1"]
