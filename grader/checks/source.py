"""The `source` kind: what must, or must not, stand in the code that can run."""

from collections.abc import Iterable
from fnmatch import fnmatchcase
from typing import Literal

from pydantic import model_validator

from grader.checks.check import Check, Name, View
from grader.model import Fact, Finding, Outcome, Parsed

_MODULES = ("torch.", "functorch.")


class Source(Check):
    """Match dotted names as called or read; `within` follows names that the file binds itself."""

    kind: Literal["source"]
    forbid: tuple[str, ...] = ()
    require: tuple[str, ...] = ()
    within: tuple[Name, ...] = ()

    @model_validator(mode="after")
    def _has_a_rule(self) -> "Source":
        if not self.forbid and not self.require:
            raise ValueError("needs `forbid` or `require`")
        return self

    @property
    def runs_code(self) -> bool:
        return False

    def judge(self, view: View) -> Finding:
        words = unread(view.parsed) or forbidden(view.parsed, self.within, self.forbid)
        if words:
            return Finding(Outcome.FAIL, words, words)
        for glob in self.require:
            if not matches(standing(view.parsed, self.within), [glob]):
                words = f"the task asks for `{glob.lstrip('*.')}`, which is not used"
                return Finding(Outcome.FAIL, words, words)
        return Finding(Outcome.PASS)


def unread(parsed: Parsed) -> str:
    """Why nothing can be said of the source, or ""."""
    if parsed.fault is not None and not parsed.facts:
        return "the code could not be looked through"
    if any(fact.kind == "cut" for fact in parsed.facts):
        return "the file is too long to be looked through: leave in it what the task asks for"
    return ""


def forbidden(parsed: Parsed, within: Iterable[str], globs: Iterable[str]) -> str:
    """Where the first thing stands that must not, or ""."""
    own = {fact.what for fact in parsed.facts if fact.kind == "def"}
    for fact in matches(standing(parsed, within), globs):
        if fact.what.rpartition(".")[2] in own and not fact.what.startswith(_MODULES):
            continue  # a method that the file defines itself is not PyTorch's of the same name
        name = fact.what.removeprefix("().")
        return f"{fact.place}, line {fact.line}: `{name}` may not be used here"
    return ""


def matches(facts: Iterable[Fact], globs: Iterable[str]) -> list[Fact]:
    return [fact for fact in facts if any(fnmatchcase(fact.what, glob) for glob in globs)]


def standing(parsed: Parsed, within: Iterable[str]) -> list[Fact]:
    """What is called or read by these names, and by whatever of the file they lead to."""
    return [fact for fact in _reached(parsed, within) if fact.kind in ("call", "name")]


def _reached(parsed: Parsed, within: Iterable[str]) -> list[Fact]:
    scopes, todo = set[str](), list(within)
    if not todo:
        return list(parsed.facts)
    while todo:
        scope = todo.pop()
        if scope not in scopes:
            scopes.add(scope)
            todo += [f.what for f in parsed.facts if f.scope == scope and f.kind == "leads"]
    return [fact for fact in parsed.facts if fact.scope in scopes]
