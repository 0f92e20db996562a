"""The `derived` kind: was a derivative found by hand, or by autograd?

Run and source must agree.  A box can be made to say anything of its run, and a text can hide what
it calls; to deceive both is more work than any derivative.
"""

from typing import Literal

from pydantic import model_validator

from grader.checks.check import Check, Name, View, Watching, find
from grader.checks.source import forbidden, matches, standing, unread
from grader.model import Finding, Number, Outcome

USED = "autograd.used"
_WAYS = (
    "*.backward",
    "torch.autograd.grad",
    "torch.autograd.functional.*",
    "torch.autograd.forward_ad.*",
    *(f"torch.func.{name}" for name in ("grad", "grad_and_value", "vjp", "jvp", "linearize")),
    *("torch.func.jac*", "torch.func.hessian", "functorch.*"),
)
# Ways round what watches a run; by hand, nobody needs them.
_HIDDEN = (
    *("*.grad_fn", "*.next_functions", "*._execution_engine", "*.run_backward"),
    *(
        "torch._[!_]*",
        "torch.ops.*",
        "torch.jit.*",
        "torch.fx.*",
        "gc.*",
        "inspect.*",
        "*._getframe",
    ),
    *("eval", "exec", "getattr(…)"),
)


class Derived(Check):
    """By hand: autograd was not at work in the run, and nothing in the code of `within` asks it.

    By autograd: the `.grad` of each tensor in `of` holds what it found, and the code of `within`
    asks it for that.  The part needs `watch: {autograd: true}`.
    """

    kind: Literal["derived"]
    by: Literal["hand", "autograd"]
    of: tuple[Name, ...] = ()
    within: tuple[Name, ...]

    @model_validator(mode="after")
    def _names_its_tensors(self) -> "Derived":
        if (self.by == "autograd") != bool(self.of):
            raise ValueError("`by: autograd` needs `of`, and `by: hand` has none")
        return self

    @property
    def watched(self) -> tuple[str, ...]:
        return tuple(f"{name}.from_autograd" for name in self.of) or (USED,)

    @property
    def wants(self) -> frozenset[Watching]:
        return super().wants | ({"nodes"} if self.by == "hand" else set())

    def judge(self, view: View) -> Finding:
        words = self._by_hand(view) if self.by == "hand" else self._by_autograd(view)
        return Finding(Outcome.FAIL if words else Outcome.PASS, words, words)

    def _by_hand(self, view: View) -> str:
        words = unread(view.parsed) or forbidden(view.parsed, self.within, (*_WAYS, *_HIDDEN))
        if not words and find(view.seen, USED) != Number(value=False):
            words = "autograd was at work while your code ran: here the derivative is yours to find"
        return words

    def _by_autograd(self, view: View) -> str:
        for name, path in zip(self.of, self.watched, strict=True):
            if find(view.seen, path) != Number(value=True):
                return f"what `{name}.grad` holds does not come from autograd"
        # Without facts nobody has looked at the source.
        stands = not view.parsed.facts or matches(standing(view.parsed, self.within), _WAYS)
        return "" if stands else "nothing in your code asks autograd for a derivative"
