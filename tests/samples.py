"""A small exercise to write tests with: one part of each kind."""

from pathlib import Path

from grader.course.format import Exercise
from grader.course.loading import load_file

YAML = """\
format: 1
id: ex7
title: Slopes
instructions: |
  The slope of $f(x) = a x^2$ at `x = [[x0]]` is $2 a x$, with `a = [[a]]`.
variant:
  x0: "choice(1.5, 2.5)"
  a: "choice(3.0, 4.0)"
parts:
  - id: look
    kind: predict
    title: Look
    task: What does the program show?
    program: |
      import torch
      x = torch.tensor([[x0]], requires_grad=True)
      y = [[a]] * x**2
      y.backward()
      #? first = x.grad
    todo:
      first: {say: The gradient.}
    checks:
      - {id: first, kind: answers, points: 1, say: The gradient is right.}
    mistakes:
      value: {say: That is the value., expects: {first: "a * x0**2"}}
  - id: by-hand
    kind: code
    title: By hand
    task: "Write `slope(x, a)`."
    inputs: {x: "uniform(1, 2, 3)", a: "uniform(2, 3)"}
    cases:
      - {id: shown, open: true, inputs: {a: a}}
      - {id: other, times: 2, inputs: {x: "randn(2, 2)"}}
    todo:
      formula: {say: Return the derivative at each entry of `x`.}
    checks:
      - {id: value, kind: close, of: [slope], points: 2, say: The slope is right.}
    accept:
      sum: {formula: "return a * x + a * x"}
    mistakes:
      half: {say: The 2 is lost., code: {formula: {replace: ["2 * a", "a"]}}}
  - id: plain
    kind: script
    title: A script
    inputs: {t: "tensor([1.5, x0])"}
    cases:
      - {id: shown, open: true}
    observe: [total]
    todo:
      add: {say: Add up all entries of `t`.}
    checks:
      - {id: total, kind: close, of: [total], points: 1, say: The sum is right.}
    mistakes:
      mean: {say: That is the mean., code: {add: total = t.mean()}}
"""

SOLUTION = '''\
"""Slopes.

canary: 0123456789abcdef0123456789abcdef
"""

import torch

# <by_hand>


def slope(x: torch.Tensor, a: float) -> torch.Tensor:
    """Return the derivative of a * x**2."""
    # <formula>
    return 2 * a * x
    # </formula>


# </by_hand>

# <plain>
# <given>
t = torch.tensor([1.0, 2.0])
# </given>
# <add>
total = t[0]
total = total + t[1]
total = total * 1.0
# </add>
# </plain>


# <drive>
def drive(x: torch.Tensor, a: float) -> dict[str, object]:
    return {"slope": slope(x, a)}


# </drive>
'''


def write(folder: Path, yaml: str = YAML, solution: str | None = SOLUTION) -> Path:
    """Write a course of one exercise; return the exercise's YAML file."""
    for name in ("exercises", "solutions"):
        (folder / name).mkdir(exist_ok=True)
    course = "format: 1\nid: small\ntitle: A small course\n"
    (folder / "exercises" / "course.yaml").write_text(course)
    path = folder / "exercises" / "ex07_slopes.yaml"
    path.write_text(yaml)
    if solution is not None:
        (folder / "solutions" / "ex07_slopes.py").write_text(solution)
    return path


def load(folder: Path, yaml: str = YAML, solution: str = SOLUTION) -> Exercise:
    return load_file(write(folder, yaml, solution))
