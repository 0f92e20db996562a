# grade: ex5 format=1 variant=0
#
# Stop-gradient with detach
# =========================
#
# Sometimes a number should take part in a calculation, but not be blamed for its result. A
# frozen feature, the goal that a network chases, the second view in contrastive learning: their
# *values* are needed, their *gradients* must not flow. `t.detach()` gives you such a tensor.
# Three facts about it:
#
# - It returns a **new tensor object with the same numbers in the same memory**. Nothing is
#   copied.
# - The new object has **no history**: `requires_grad` is `False` and `grad_fn` is `None`. For
#   autograd it is a constant.
# - `t` itself **stays as it was**. A line that holds nothing but `t.detach()` does nothing at
#   all.
#
# So a gradient is not switched off for a *tensor*, but on a *path*. With $b = k\,a$ and
# $c = b\cdot b$ there are two paths from $c$ back to $a$, one through each factor, and the
# chain rule adds up what arrives on them. Cut one path and half of the gradient is left. Cut
# both and $c$ is a constant: then `c.backward()` does not quietly leave `a.grad` at `None`, it
# **raises**
#
#     RuntimeError: element 0 of tensors does not require grad and does not have a grad_fn
#
# because there is not a single leaf left that a gradient could be sent to. If you meet this
# error in your own work: something between your parameters and your loss has cut the last path.
#
# Write your code where the TODOs are and leave the rest as it is. `grade submit ex5.py` grades
# it, as often as you like; `grade hint ex5` gives the next hint.

import torch


# ----------------------------------------------------------------------------------------------
# Which path is open?
#
# Read the program and predict what it shows, before you run it. Answers are numbers, `True`,
# `False` or, for the last one, the text `"ran"` or `"raised"`.
#
#     import torch
#
#     a = torch.tensor(1.5, requires_grad=True)
#     b = 5.0 * a
#     c = b * b
#     c.backward()
#     # grad_whole: what is a.grad here?
#
#     a.grad = None
#     b = 5.0 * a
#     c = b.detach() * b
#     c.backward()
#     # grad_half: what is a.grad here?
#
#     # tracked: what is b.detach().requires_grad here?
#     # shared: what is b.detach().data_ptr() == b.data_ptr() here?
#
#     a.grad = None
#     d = b.detach() ** 2
#     try:
#         d.backward()
#         ended = "ran"
#     except RuntimeError:
#         ended = "raised"
#     # ended: what is ended here?
# ----------------------------------------------------------------------------------------------


# TODO 1: What is `a.grad` after the first `backward()`, with both paths open?
grad_whole = ...

# TODO 2: What is `a.grad` after the second `backward()`, with one factor detached?
grad_half = ...

# TODO 3: Does the detached tensor require grad?
tracked = ...

# TODO 4: Do `b` and `b.detach()` lie at the same place in memory?
shared = ...

# TODO 5: Does `d.backward()` run or raise? Answer `"ran"` or `"raised"`.
ended = ...


# ----------------------------------------------------------------------------------------------
# One path of two
#
# Write `half(a, k)`. It returns a tensor with the value $k^2a^2$, but after `backward()` the
# gradient $k^2a$ is in `a.grad`: half of the whole one. The value must not be halved with it.
# ----------------------------------------------------------------------------------------------


def half(a: torch.Tensor, k: float) -> torch.Tensor:
    """Return (k * a) ** 2, of which autograd sees one of the two factors."""
    # TODO 6: Calculate b = k * a and return b times b, so that the gradient comes back through
    # one of the two factors only.
    ...
    return None


# ----------------------------------------------------------------------------------------------
# A goal that does not look back
#
# A model guesses $u\,x$. Its goal is made by the model too: $u\,v$. (This is how Q-learning
# works, and many self-taught networks.) The loss is $(u\,x - u\,v)^2$. The guess should move
# towards the goal, but the goal must not move towards the guess: the gradient comes back
# through the guess only. So `u.grad` is $2\,(u x - u v)\,x$, and `v.grad` stays `None`.
#
# Here it matters *which* path you cut: the other one has another gradient.
# ----------------------------------------------------------------------------------------------


def chase(u: torch.Tensor, v: torch.Tensor, x: float) -> torch.Tensor:
    """Return the squared gap between a guess and its goal; the goal sends no gradient back."""
    # TODO 7: Calculate the guess u * x and the goal u * v, and return their squared difference,
    # so that no gradient comes back through the goal.
    ...
    return None
