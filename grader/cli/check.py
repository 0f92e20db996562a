"""`grade check`: prove that exercises tell right from wrong."""

import dataclasses
import json
import time

import click
from rich.console import Console
from rich.table import Table

from grader import workshop
from grader.cli.grading import told_secret
from grader.cli.setup import Setup, course_option
from grader.errors import NothingToGrade
from grader.prove import Proof, prove


@click.command("check")
@click.argument("exercises", nargs=-1)
@click.option("--format", "format_", type=click.Choice(["table", "json"]), default="table")
@click.option("--verbose", "-v", is_flag=True, help="Also show the claims that hold.")
@course_option
@click.pass_context
def command(ctx: click.Context, exercises: tuple[str, ...], format_: str, *, verbose: bool) -> None:
    """Check EXERCISES, or all of them: the reference passes, the blank starter is not attempted,
    every mistake is caught and told by name, no check is vacuous, no wrong answer is right by
    accident."""
    setup = ctx.ensure_object(Setup)
    ids = exercises or tuple(setup.course.paths)
    if not ids:
        raise NothingToGrade("the course has no exercises", hint="write one with `grade new`")
    proofs = []
    with workshop.opened(setup.course, isolation="none") as shop:
        told_secret(shop)
        for id_ in ids:
            started = time.monotonic()
            proofs.append(prove(setup.exercise(id_), shop))
            if format_ == "table":
                _show(proofs[-1], time.monotonic() - started, verbose=verbose)
    if format_ == "json":
        click.echo(json.dumps([_plain(proof) for proof in proofs], indent=2))
    ctx.exit(0 if all(proof.holds for proof in proofs) else 2)


def _plain(proof: Proof) -> dict[str, object]:
    margins = {
        part: margin if margin < float("inf") else None for part, margin in proof.margins.items()
    }
    return {**dataclasses.asdict(proof), "margins": margins, "holds": proof.holds}


def _show(proof: Proof, seconds: float, *, verbose: bool) -> None:
    console = Console()
    bad = [claim for claim in proof.claims if not claim.holds]
    counts = f"{len(proof.claims)} claims"
    verdict = "all hold" if not bad else f"{len(bad)} do not hold"
    console.print(f"{proof.exercise}: {counts}, {verdict} ({seconds:.1f} s)", highlight=False)
    shown = proof.claims if verbose else bad
    if shown:
        table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
        for name in ("", "part", "claim", "what was found"):
            table.add_column(name, overflow="fold")
        for claim in shown:
            mark = "ok" if claim.holds else "FAIL"
            table.add_row(mark, claim.part, f"{claim.kind} {claim.name}", claim.detail)
        console.print(table, highlight=False, markup=False)
    if verbose:
        for part, kills in proof.kills.items():
            console.print(_matrix(part, kills), highlight=False)


def _matrix(part: str, kills: object) -> Table:
    assert isinstance(kills, dict)
    checks = list(dict.fromkeys(check for ids in kills.values() for check in ids))
    table = Table(title=f"{part}: which check catches which mistake", box=None, pad_edge=False)
    table.add_column("mistake")
    for check in checks:
        table.add_column(check, justify="center")
    for mistake, ids in kills.items():
        table.add_row(mistake, *("x" if check in ids else "." for check in checks))
    return table
