# grade: ex4 format=1 variant=0
import torch


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
        y_pred = w * X + b

        # TODO 2: Loss: the mean of the squared differences between `y_pred` and `y`. Call it
        # `loss`, and append its plain number to `losses`; `loss` itself must stay a tensor.
        loss = ((y_pred - y) ** 2).mean()
        losses.append(loss.item())

        # TODO 3: Backward: let autograd put the gradients of `loss` into `w.grad` and `b.grad`.
        loss.backward()

        # TODO 4: Update: move `w` and `b` in place against their gradients by `lr` times the
        # gradient, without autograd recording it.
        ...

        # TODO 5: Zero: empty both gradients before the next turn.
        ...

    return w, b, losses
