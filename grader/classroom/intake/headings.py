"""The first line of a CSV → what its columns are.

As Moodle, Canvas, Gradescope, nbgrader and people head them, in English, German, French and
Spanish.
"""

import unicodedata
from collections.abc import Mapping

from grader.classroom.intake.people import squeeze

# What a column is → its headings, plain; of several, the first that is filled counts.
_KNOWN = {
    "id": (
        *("id", "studentid", "sid", "idnumber", "studentnumber", "matriculationnumber"),
        *("userid", "sisuserid"),
        *("matrikelnummer", "matrikelnr", "matrikel", "idnummer", "studierendennummer"),
        *("numerodetudiant", "numeroetudiant", "numerodidentification", "matricule"),
        *("numerodeid", "numerodeidentificacion", "numerodeestudiante", "matricula"),
    ),
    "login": (
        *("login", "username", "loginid", "sisloginid", "netid", "uniid", "unixid", "edxusername"),
        *("github", "githubusername", "githubuser", "githublogin", "githubid", "gitlabusername"),
        *("anmeldename", "nutzername", "benutzername", "kennung", "nutzerkennung"),
        *("identifiant", "nomdutilisateur"),
        *("identificador", "nombredeusuario", "usuario"),
    ),
    "email": (
        *("email", "emailaddress", "mail", "emailadresse", "mailadresse"),
        *("courriel", "adressedecourriel", "adresseemail", "adressemail", "adresseelectronique"),
        *("correo", "correoelectronico", "direcciondecorreo", "direcciondecorreoelectronico"),
        *("direccionemail", "direcciondeemail"),
    ),
    "participant": ("identifier",),
    "name": (
        *("name", "fullname", "student", "studentname", "vollstandigername"),
        *("nomcomplet", "etudiant", "nombrecompleto", "nombreyapellidos", "estudiante", "alumno"),
    ),
    "first": ("firstname", "givenname", "first", "vorname", "prenom", "nombre", "nombres"),
    "last": (
        *("lastname", "surname", "familyname", "last", "nachname", "familienname"),
        *("nom", "nomdefamille", "apellido", "apellidos"),
    ),
    "group": (
        *("group", "groups", "groupname", "team", "gruppe", "gruppenname"),
        *("groupe", "equipe", "grupo", "equipo"),
    ),
}

Columns = Mapping[str, list[int]]


def columns(header: list[str]) -> Columns:
    heads = [_plain(head) for head in header]
    found = {
        kind: [heads.index(head) for head in known if head in heads]
        for kind, known in _KNOWN.items()
    }
    return {kind: places for kind, places in found.items() if places}


def delimiter(text: str) -> str:
    """The one by which most headings are known: a name may hold a comma, a heading does not."""
    first = text.partition("\n")[0].replace('"', "")
    return max(",;\t", key=lambda mark: sum(map(len, columns(first.split(mark)).values())))


def _plain(head: str) -> str:
    """Squeezed, and without accents: many leave them out."""
    return "".join(c for c in unicodedata.normalize("NFD", squeeze(head)) if c.isascii())
