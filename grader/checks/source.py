"""The `source` kind: what must, or must not, stand in the code."""

from fnmatch import fnmatchcase
from typing import Literal

from pydantic import model_validator

from grader.checks.check import Check, Name, View
from grader.model import Fact, Finding, Outcome, Parsed


class Source(Check):
    """Match dotted names as called or read; `within` follows calls to own functions."""

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
        facts = [
            fact for fact in _reached(view.parsed, self.within) if fact.kind in ("call", "name")
        ]
        for fact in facts:
            if any(fnmatchcase(fact.what, glob) for glob in self.forbid):
                name = fact.what.removeprefix("().")
                words = f"{fact.place}, line {fact.line}: `{name}` may not be used here"
                return Finding(Outcome.FAIL, words, words)
        for glob in self.require:
            if not any(fnmatchcase(fact.what, glob) for fact in facts):
                words = f"the task asks for `{glob.lstrip('*.')}`, which is not used"
                return Finding(Outcome.FAIL, words, words)
        return Finding(Outcome.PASS)


def _reached(parsed: Parsed, within: tuple[str, ...]) -> list[Fact]:
    """Facts of the named functions and of all functions of the file that they lead to."""
    if not within:
        return list(parsed.facts)
    scopes, todo = set[str](), list(within)
    known = {fact.scope for fact in parsed.facts}
    while todo:
        scope = todo.pop()
        if scope in scopes:
            continue
        scopes.add(scope)
        todo += [f.what for f in parsed.facts if f.scope == scope and f.what in known]
    return [fact for fact in parsed.facts if fact.scope in scopes]
