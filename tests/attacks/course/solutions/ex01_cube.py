"""The gradient of a sum of cubes.

canary: 6d0be7f1c25a4c83b1f2a9937e50d4c8
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
