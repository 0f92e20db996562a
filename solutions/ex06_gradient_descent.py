"""Gradient descent on one number, as a script.

canary: 72d8b15bd331f30eb2482af0e264d2b5
"""

import torch

# <descent>
# <given>
x = 1.5
target = -2.0
w0 = 3.0
lr = 0.05
steps = 4
# </given>

# <start>
w = torch.tensor(w0, requires_grad=True)
ws: list[float] = []
losses: list[float] = []
# </start>

# <loop>
for _ in range(steps):
    # </loop>
    # <loss>
    # <error>
    loss = (w * x - target) ** 2
    # </error>
    # <record>
    losses.append(loss.item())
    # </record>
    # </loss>

    # <slope>
    loss.backward()
    # </slope>

    # <move>
    with torch.no_grad():
        w -= lr * w.grad
    # </move>

    # <clear>
    w.grad = None
    # </clear>

    # <keep>
    ws.append(w.item())
    # </keep>
# </descent>
