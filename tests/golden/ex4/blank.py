# grade: ex4 format=1 variant=0
#
# A training loop by hand
# =======================
#
# Every training run, from a straight line to a language model, turns the same five-step wheel.
# Here you build that wheel once with your own hands, without an optimizer. You fit the line
#
# $$\hat y = w\,x + b$$
#
# to data points by gradient descent on the mean squared error
#
# $$L(w, b) = \frac1N\sum_{i=1}^{N}\left(\hat y_i - y_i\right)^2.$$
#
# One turn of the wheel is:
#
# 1. **forward**: predict with the current `w` and `b`;
# 2. **loss**: one number that says how bad the predictions are;
# 3. **backward**: autograd works out $\partial L/\partial w$ and $\partial L/\partial b$ and
#    *adds* them to `w.grad` and `b.grad`;
# 4. **update**: go a small way downhill,
#    $w \leftarrow w - \text{lr}\cdot\partial L/\partial w$, and the same for $b$;
# 5. **zero**: empty `.grad`, so that the next turn starts with a clean page.
#
# Three things to know before you begin:
#
# - An update is bookkeeping, not part of the model. Keep it out of the graph
#   (`torch.no_grad()`), and change the *same* tensors, so that `w` and `b` stay leaves that
#   collect gradients.
# - "Empty" can be `None` or zeros; both are fine here. (`optimizer.zero_grad()` sets `None`.)
#   Emptying at the start of a turn is as good as at its end. Only between `backward()` and the
#   update it is not: there it throws away what you are about to use.
# - The five steps are what counts, not the style. When your loop works, write it again with
#   `torch.optim.SGD` if you like: the numbers are the same, and it is accepted too.
#
# Your `fit` is judged after one, two and three turns, on other data, other starts and other
# learning rates. A loop that is slightly wrong often still gets to nearly the right line in the
# end, but its first turns give it away.
#
# Write your code where the TODOs are and leave the rest as it is. `grade submit ex4.py` grades
# it, as often as you like; `grade hint ex4` gives the next hint.

import torch


# ----------------------------------------------------------------------------------------------
# Five steps
#
# Complete `fit(X, y, w0, b0, lr, steps)`. `X` and `y` hold the $N$ data points, `w0` and `b0`
# are the start values, `lr` is the learning rate, `steps` the number of turns. It returns `w`
# and `b` after the last turn and `losses`, which holds one number for each turn: the loss
# *before* the update of that turn.
#
# In your open example the line starts at `w0 = -0.5`, `b0 = -1.0` with `lr = 0.02`. All the
# code outside the TODOs is right as it stands.
# ----------------------------------------------------------------------------------------------


def fit(
    X: torch.Tensor, y: torch.Tensor, w0: float, b0: float, lr: float, steps: int
) -> tuple[torch.Tensor, torch.Tensor, list[float]]:
    """Fit y ≈ w * X + b by gradient descent; return w, b and the loss of every step."""
    w = torch.tensor(w0, requires_grad=True)
    b = torch.tensor(b0, requires_grad=True)
    losses: list[float] = []

    for _ in range(steps):
        # TODO 1: Forward: predict all N values at once from `w`, `X` and `b`. Call the result
        # `y_pred`.
        ...

        # TODO 2: Loss: the mean of the squared differences between `y_pred` and `y`. Call it
        # `loss`, and append its plain number to `losses`; `loss` itself must stay a tensor.
        ...

        # TODO 3: Backward: let autograd put the gradients of `loss` into `w.grad` and `b.grad`.
        ...

        # TODO 4: Update: move `w` and `b` in place against their gradients by `lr` times the
        # gradient, without autograd recording it.
        ...

        # TODO 5: Zero: empty both gradients before the next turn.
        ...

    return w, b, losses
