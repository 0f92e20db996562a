"""Tree → downloads of platforms that stand side by side in it."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

from grader.classroom.intake import canvas, gradescope, moodle, nbgrader
from grader.classroom.intake.layout import Layout
from grader.classroom.intake.people import brief_list
from grader.classroom.intake.roster import Roster
from grader.classroom.intake.tree import Reader, Tree
from grader.errors import UsageError


def refuse_several(tree: Tree, roster: Roster | None) -> None:
    """Raises UsageError: taken for students' folders, each would be one student's work.

    A few among many are left to be so: what a student put into a folder must stop nobody else.
    """
    folders = [one for one in _folders(tree) if not (roster and roster.has(one.name))]
    names = [one.name for one in folders if _is_download(one)]
    if names and 2 * len(names) >= len(folders):
        several = "several downloads" if len(names) > 1 else "a download beside other files"
        raise UsageError(f"this holds {several}: {brief_list(names)}", hint="grade each alone")


def _folders(tree: Tree) -> Iterator[Tree]:
    inside: dict[str, dict[str, Reader]] = defaultdict(dict)
    for file, reader in tree.files.items():
        top, _, rest = file.partition("/")
        if rest:
            inside[top][rest] = reader
    for top, files in inside.items():
        yield replace(tree, name=top, files=files, root=f"{tree.root}{top}/")


def _is_download(tree: Tree) -> bool:
    """It may stand in one more folder, as archives are unpacked."""
    if any(gradescope.is_marked(level) or moodle.read(level) for level in (tree, *_folders(tree))):
        return True
    return any(_is_of_several(read(tree)) for read in (canvas.read, nbgrader.read))


def _is_of_several(layout: Layout | None) -> bool:
    """One student's own `ex4_2026_11_final.py` looks like Canvas'."""
    return layout is not None and len({claim.unit for claim in layout.claims}) > 1
