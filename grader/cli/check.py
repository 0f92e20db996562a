"""`grade check`: prove that exercises tell right from wrong."""

import json
import math
import time
from collections.abc import Iterator, Sequence

import click

from grader.cli.grading import told_secret
from grader.cli.options import course_option
from grader.course import draws
from grader.course.setup import Setup
from grader.errors import Exit, NothingToGrade
from grader.judging import workshop
from grader.proving.claims import Claim, Proof, Strength
from grader.proving.prove import prove
from grader.proving.room import as_words
from grader.reporting.talk import tell


@click.command("check")
@click.argument("exercises", nargs=-1)
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text")
@click.option("--verbose", "-v", is_flag=True, help="Also show the claims that hold.")
@course_option
@click.pass_context
def command(ctx: click.Context, exercises: tuple[str, ...], format_: str, *, verbose: bool) -> None:
    """Check EXERCISES, or all of them.

    The reference and each accepted variant pass, the blank starter is not attempted, every mistake
    is caught and told by name, no check is vacuous, no wrong answer is right by accident.
    """
    setup = ctx.ensure_object(Setup)
    ids = exercises or tuple(setup.course.paths)
    if not ids:
        raise NothingToGrade("the course has no exercises", hint="write one with `grade new ex1`")
    loaded = [setup.exercise(id_) for id_ in ids]
    proofs, folder = [], setup.course.folder / "exercises"
    before = draws.read(folder)
    # Whoever proves a course runs its author's code, as whoever starts a solution does.
    with workshop.opened(setup.course, isolation="none") as shop:
        told_secret(shop)
        for exercise in loaded:
            started = time.monotonic()
            proofs.append(prove(exercise, shop))
            if format_ == "text":
                seconds = time.monotonic() - started
                click.echo("\n".join(_lines(proofs[-1], seconds, verbose=verbose)))
    if draws.read(folder) != before:
        tell(f"open cases were drawn anew: keep {folder / draws.FILE} with the course")
    if format_ == "json":
        click.echo(json.dumps([_plain(proof) for proof in proofs], indent=2))
    ctx.exit(0 if all(proof.holds for proof in proofs) else Exit.USAGE)


# --- for machines --------------------------------------------------------------------------------


def _plain(proof: Proof) -> dict[str, object]:
    return {
        "exercise": proof.exercise,
        "holds": proof.holds,
        "claims": [_plain_claim(claim) for claim in proof.claims],
        "parts": {part: _plain_strength(its) for part, its in proof.strengths.items()},
    }


def _plain_claim(claim: Claim) -> dict[str, object]:
    subject = claim.subject
    about = {"part": subject.part, "kind": subject.kind, "name": subject.name}
    return {**about, "holds": claim.holds, "detail": claim.detail}


def _plain_strength(strength: Strength) -> dict[str, object]:
    return {
        "margin": strength.margin if math.isfinite(strength.margin) else None,
        "classes": [list(alike.names) for alike in strength.classes],
        "kills": dict(strength.kills),
    }


# --- for people ----------------------------------------------------------------------------------


def _lines(proof: Proof, seconds: float, *, verbose: bool) -> Iterator[str]:
    bad = [claim for claim in proof.claims if not claim.holds]
    verdict = "all hold" if not bad else f"{len(bad)} do not hold"
    yield f"{proof.exercise}: {len(proof.claims)} claims, {verdict} ({seconds:.1f} s)"
    yield from _claims(proof.claims if verbose else bad)
    for part, strength in proof.strengths.items():
        yield from _strength(part, strength)
        if verbose:
            yield from _matrix(part, strength)


def _claims(claims: Sequence[Claim]) -> Iterator[str]:
    subjects = [" ".join(claim.subject.words) for claim in claims]
    width = max(map(len, subjects), default=0)
    for claim, subject in zip(claims, subjects, strict=True):
        yield f"{'ok  ' if claim.holds else 'FAIL'}  {subject:{width}}  {claim.detail}"


def _strength(part: str, strength: Strength) -> Iterator[str]:
    yield f"      {part}: margin {as_words(strength.margin)}"
    for alike in strength.classes:
        known = f"; the source shows {', '.join(alike.by_source)}" if alike.by_source else ""
        yield f"      {part}: no run tells apart {', '.join(alike.names)}{known}"


def _matrix(part: str, strength: Strength) -> Iterator[str]:
    """Which check catches which mistake."""
    kills = strength.kills
    checks = list(dict.fromkeys(check for ids in kills.values() for check in ids))
    width = max(map(len, kills), default=0)
    yield f"      {part}: which check (across) catches which mistake (down)"
    yield f"      {'':{width}}  {'  '.join(checks)}".rstrip()
    for name, ids in kills.items():
        marks = [("x" if check in ids else ".").center(len(check)) for check in checks]
        yield f"      {name:{width}}  {'  '.join(marks)}".rstrip()
