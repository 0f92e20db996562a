"""What people write in a training loop by hand, for a class that is made up.

Of `<one|another>` the first is what most write, and each next is rarer; `LESS` is Python's own `<`.
Other capitals are names that everybody chooses for himself.
"""

import random
import re
from collections.abc import Mapping

IDEAS: Mapping[str, tuple[str, ...]] = {
    "start": (
        "",
        "PARAMS = [w, b]\n",
        "PARAMS = (w, b)\n",
        "N = <len(X)|X.shape[0]|y.numel()|X.size(0)>\n",
        "OPT = torch.optim.SGD([w, b], lr<=lr|=lr, momentum=0.0>)\n",
    ),
    "loop": (
        "for _ in range(steps):",
        "for I in range(steps):",
        "for I in range(<0|1>, steps<| + 1>):",
        "I = 0\nwhile I LESS steps:\n    I += 1",
        "for I, _ in enumerate(range(steps)):",
    ),
    "forward": (
        "PRED = <w * X|X * w|w*X> + b",
        "PRED = b + <w * X|X * w>",
        "PRED = <w.mul(X)|torch.mul(w, X)|X.mul(w)><.add(b)| + b>",
        "PRED = torch.stack([<w * V|V * w> + b for V in X])",
        "PRED = torch.add(<b, w * X|w * X, b|torch.mul(X, w), b>)",
        "PART = <w * X|X * w>\nPRED = <PART + b|b + PART|PART.add(b)>",
        (
            "A = torch.stack(<[X, torch.ones_like(X)]|(X, torch.ones(len(X)))>, <dim=1|1|-1"
            ">)\nPRED = <A @ torch.stack([w, b])|torch.mv(A, torch.stack((w, b)))>"
        ),
        (
            "PRED = <torch.zeros_like(X)|torch.zeros(len(X))|0>\nPRED = PRED + <w * X|X * w"
            ">\nPRED = <PRED + b|b + PRED>"
        ),
        "PRED = <w.expand(len(X))|w.repeat(len(X))> * X + <b|b.expand_as(X)>",
    ),
    "loss": (
        "LOSS = (<(PRED - y)|(y - PRED)><<| >**<| >2|.pow(2)>).mean()",
        "LOSS = torch.mean(<(PRED - y)|(y - PRED)><<| >**<| >2|.pow(2)|.square()>)",
        (
            "ERR = <PRED - y|y - PRED>\nLOSS = <(ERR ** 2).mean()|(ERR * ERR).mean()|torch."
            "mean(ERR ** 2)|(ERR ** 2).sum() / len(ERR)|ERR.pow(2).mean()|ERR.dot(ERR) / le"
            "n(X)>"
        ),
        (
            "LOSS = <torch.nn.functional.mse_loss(PRED, y)|torch.nn.MSELoss()(PRED, y)|torc"
            "h.nn.functional.mse_loss(PRED, y, reduction='mean')>"
        ),
        (
            "LOSS = <torch.sum(|sum(><(PRED - y)|(y - PRED)> ** 2) / <len(X)|len(y)|y.numel"
            "()|X.shape[0]>"
        ),
        "LOSS = torch.square(<PRED - y|y - PRED|PRED.sub(y)>).<mean()|sum().div(len(y))>",
        (
            "LOSS = <0.0|0>\nfor V, T in zip(PRED, y):\n    LOSS <= LOSS + |+= ><(V - T)|(T"
            " - V)> ** 2\nLOSS = LOSS / <len(y)|len(X)>"
        ),
        "LOSS = (<(PRED - y)|(y - PRED)> ** 2).sum()",
        (
            "ERR = <torch.abs(PRED - y)|(PRED - y).abs()>\nLOSS = <(ERR ** 2).mean()|torch."
            "mean(ERR)>"
        ),
    ),
    "record": (
        (
            "losses.append(<LOSS.item()|float(LOSS)|LOSS.detach().item()|LOSS.detach()|LOSS"
            ".data.item()>)"
        ),
        "losses <+= [<LOSS.item()|float(LOSS)>]|= losses + [LOSS.item()]>",
        "VALUE = LOSS.item()\nlosses.append(VALUE)",
        "losses.extend([<LOSS.item()|float(LOSS)>])",
    ),
    "backward": (
        "LOSS.backward()",
        "LOSS.backward()",
        "LOSS.backward(<retain_graph=True|create_graph=False>)",
        (
            "<GW, GB|GRADS> = torch.autograd.grad(LOSS, <[w, b]|(w, b)>)\nw.grad, b.grad = "
            "<GW, GB|GRADS>"
        ),
        "torch.autograd.backward(<LOSS|[LOSS]>)",
    ),
    "update": (
        (
            "with torch.no_grad():\n    <w -= lr * w.grad\n    b -= lr * b.grad|b -= lr * b"
            ".grad\n    w -= lr * w.grad|w -= w.grad * lr\n    b -= b.grad * lr|w.sub_(lr *"
            " w.grad)\n    b.sub_(lr * b.grad)|w.add_(-lr * w.grad)\n    b.add_(-lr * b.gra"
            "d)|for P in <(w, b)|[w, b]>:\n        P <-= lr * P.grad|-= P.grad * lr|.sub_(l"
            "r * P.grad)>|w += -lr * w.grad\n    b += -lr * b.grad|w.copy_(w - lr * w.grad)"
            "\n    b.copy_(b - lr * b.grad)|GW = lr * w.grad\n    GB = lr * b.grad\n    w -"
            "= GW\n    b -= GB|w[...] = w - lr * w.grad\n    b[...] = b - lr * b.grad>"
        ),
        (
            "w.data <-= |= w.data - ><lr * w.grad|w.grad * lr>\nb.data <-= |= b.data - ><lr"
            " * b.grad|b.grad * lr>"
        ),
        (
            "GW<, GB = w.grad, b.grad| = w.grad\nGB = b.grad|, GB = w.grad.clone(), b.grad."
            "clone()>\nwith torch.no_grad():\n    <w -= lr * GW\n    b -= lr * GB|b -= lr *"
            " GB\n    w -= lr * GW>"
        ),
        (
            "for P in <[w, b]|(w, b)>:\n    P.data<.add_(P.grad, alpha=-lr)| -= lr * P.grad"
            "|.sub_(lr * P.grad)>"
        ),
        (
            "w = (w - lr * w.grad).detach()<.requires_grad_()|.requires_grad_(True)>\nb = ("
            "b - lr * b.grad).detach()<.requires_grad_()|.requires_grad_(True)>"
        ),
        (
            "torch.set_grad_enabled(False)\n<w -= lr * w.grad\nb -= lr * b.grad|for P in [w"
            ", b]:\n    P.sub_(P.grad, alpha=lr)>\ntorch.set_grad_enabled(True)"
        ),
        "w = w - lr * w.grad\nb = b - lr * b.grad",
    ),
    "zero": (
        "<w.grad.zero_()\nb.grad.zero_()|b.grad.zero_()\nw.grad.zero_()>",
        "<w.grad = None\nb.grad = None|w.grad = b.grad = None|b.grad = None\nw.grad = None>",
        "for P in <(w, b)|[w, b]>:\n    P.grad<.zero_()| = None|.fill_(0.0)>",
        "w.grad.data.zero_()\nb.grad.data.zero_()",
        "w.grad, b.grad = None, None",
        (
            "for P in <[w, b]|(w, b)>:\n    if P.grad is not None:\n        P.grad<.zero_()"
            "|.detach_().zero_()>"
        ),
        "w.grad = torch.zeros_like(w<.grad|>)\nb.grad = torch.zeros_like(b<.grad|>)",
        "w.grad.fill_(0)\nb.grad.fill_(0)",
        "w.grad *= 0\nb.grad *= 0",
        "",
    ),
    "peek": (
        "",
        "",
        "",
        "print(LOSS)",
        "if I % <10|100|5> == 0:\n    print(I, LOSS.item())",
        "# print(w, b)",
        "print(<'loss'|'now'>, <LOSS|float(LOSS)>)",
        "assert not LOSS.isnan()",
    ),
}
NAMES: Mapping[str, tuple[str, ...]] = {
    "PRED": ("y_pred", "y_pred", "y_hat", "pred", "preds", "out", "yp", "guess", "prediction"),
    "LOSS": ("loss", "loss", "loss", "L", "mse", "cost", "l", "current_loss", "error_now"),
    "ERR": ("error", "diff", "err", "residual", "e", "r", "delta"),
    "GRADS": ("grads", "g", "gradients"),
    "GW": ("gw", "dw", "grad_w"),
    "GB": ("gb", "db", "grad_b"),
    "P": ("p", "param", "t", "q"),
    "V": ("v", "x", "xi", "a"),
    "T": ("t", "target", "yi", "c"),
    "I": ("i", "step", "epoch", "k"),
    "OPT": ("opt", "optimizer", "sgd"),
    "PARAMS": ("params", "theta", "leaves"),
    "PART": ("wx", "slope_part", "tmp", "h"),
    "VALUE": ("value", "loss_value", "now"),
    "A": ("A", "design", "M"),
    "N": ("N", "n", "num", "m"),
}
SAID = {
    "forward": ("predict", "forward pass", "the line", "compute the prediction", "y = wx + b"),
    "loss": ("loss", "mean squared error", "mse loss", "compare with y", "how wrong are we"),
    "backward": ("backward", "get the gradients", "autograd does its job", "backprop"),
    "update": ("update", "gradient step", "go downhill", "move w and b", "step without grad"),
    "zero": ("reset", "zero the gradients", "empty the grads", "clear .grad", "clean page"),
}
LEAD = ("", "", "now ", "first ", "then ", "here we ", "step: ", "so ", "i think ", "todo done: ")
TAIL = ("", "", "", " (important!)", " :)", " see lecture", " for all points", " again", "!!")
EXTRAS = (
    (
        '\n\nif __name__ == "__main__":\n    X = torch.<linspace(-NUM, NUM, NUM)|rand(NUM'
        ")|arange(NUM.0)>\n    y = <NUM * X + NUM|X * NUM|NUM * X + torch.randn(len(X))>\n "
        "   <print(fit(X, y, 0.0, 0.0, 0.05, NUM))|w, b, ls = fit(X, y, 0.1, 0.1, 0.01, NUM"
        ")\n    print(w, b)|out = fit(X, y, 1.0, 1.0, 0.02, NUM)\n    print(out[2][-1])>\n"
    ),
    (
        "\n\n# test\n<xs = torch.randn(NUM)\n|><print(|result = ><fit(xs, NUM * xs, 0.1, 0."
        "2, 0.03, NUM)[2]|len(fit(torch.ones(NUM), torch.ones(NUM), 0.0, 0.0, 0.1, NUM))><)"
        "|>\n"
    ),
    (
        "\n\ndef <check|test|try_it>(<|n=NUM>):\n    x = torch.<arange(NUM.0)|rand(NUM)|lin"
        "space(0, NUM, NUM)>\n    <w, b, hist|a, c, ls|*_, h> = fit(x, <x|NUM * x|x + NUM>,"
        " 0.0, 0.0, 0.01, NUM)\n    <assert hist[-1] LESS hist[0]|print(w, b)|return w|asse"
        "rt w.requires_grad>\n"
    ),
)


def spun(idea: str, draw: random.Random, taste: float) -> str:
    """Choose at each `<one|another>`, the inner ones first; the operators of Python stay."""
    while found := re.search(r"<([^<>]*)>", idea):
        among = found[1].split("|")
        idea = idea[: found.start()] + among[far(draw, taste, len(among))] + idea[found.end() :]
    return idea.replace("LESS", "<")


def far(draw: random.Random, taste: float, count: int) -> int:
    at = 0
    while draw.random() < taste:
        at = (at + 1) % count
    return at
