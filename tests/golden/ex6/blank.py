# grade: ex6 format=1 variant=0
#
# Gradient descent on one number
# ==============================
#
# Gradient descent is one sentence: *stand somewhere, feel the slope, take a small step
# downhill, repeat.* As a formula, with the learning rate $\alpha$:
#
# $$w \leftarrow w - \alpha\,\frac{dL}{dw}$$
#
# Here is the smallest model that can learn: one number `w`, one input `x`, one target. It
# predicts $w\,x$, and its loss is
#
# $$L(w) = (w\,x - \text{target})^2, \qquad \frac{dL}{dw} = 2\,(w\,x - \text{target})\,x .$$
#
# The slope has two factors from the chain rule: $2\,(w\,x - \text{target})$, how the loss
# changes with the prediction, and $x$, how the prediction changes with `w`. You need not write
# it down: `backward()` calculates it and adds it to `w.grad`. But work out the first step on
# paper and compare. For `w0 = 4.0`, `x = -1.5` and `target = -2.0` the first prediction is
# `-6.0`.
#
# Two things make an update different from a calculation:
#
# - It must not be recorded. `w` is a leaf, its value is where the graph begins; torch refuses
#   to change a leaf in place while it is recording. `with torch.no_grad():` makes it look away.
# - It must change `w` itself. `w = w - ...` makes a *new* tensor and hands it the old name; the
#   leaf that collects gradients is then out of reach.
#
# Each step here multiplies the distance to the best `w` by the same number,
# $1 - 2\,\alpha\,x^2$. So a small $\alpha$ creeps, a large one overshoots, and beyond $1/x^2$
# it runs away. Your script is judged by its first steps, not by where it ends: nearly every
# wrong loop arrives somewhere near the goal, too.
#
# Write your code where the TODOs are and leave the rest as it is. `grade submit ex6.py` grades
# it, as often as you like; `grade hint ex6` gives the next hint.

import torch


# ----------------------------------------------------------------------------------------------
# The first steps downhill
#
# Complete the script. It takes `steps` steps from `w0` and fills two lists: `losses` gets the
# loss of each step *before* `w` moves, and `ws` gets `w` *after* it has moved (that line is
# given). Keep the names and keep the code at the top level of the file: `w`, `ws` and `losses`
# are looked at when the script has run. Your script is run again with other values of `x`,
# `target`, `w0`, `lr` and `steps`, so use the names, not the numbers.
# ----------------------------------------------------------------------------------------------


x = -1.5
target = -2.0
w0 = 4.0
lr = 0.04
steps = 4

w = torch.tensor(w0, requires_grad=True)
ws: list[float] = []
losses: list[float] = []

for _ in range(steps):
    # TODO 1: Calculate the loss, the squared difference between w times x and the target, as
    # `loss`, and append its plain number to `losses`.
    ...

    # TODO 2: Let autograd put dL/dw into `w.grad`.
    ...

    # TODO 3: Move `w` downhill in place by `lr` times its gradient, without autograd recording
    # it.
    ...

    # TODO 4: Make sure that the next `backward()` finds an empty `w.grad`.
    ...

    ws.append(w.item())
