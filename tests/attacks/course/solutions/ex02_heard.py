"""The gradient of a sum of cubes, with two open cases.

canary: 0e9c5b7a41d84f6a9d3c2f18b6a7e5d0
"""

import torch

# <gradient>


def gradient(x: torch.Tensor) -> torch.Tensor:
    """Return the gradient of (x**3).sum() with respect to x."""
    # <answer>
    return 3 * x**2
    # </answer>


# </gradient>


# <drive>
def drive(x: torch.Tensor) -> dict[str, object]:
    return {"gradient": gradient(x)}


# </drive>
