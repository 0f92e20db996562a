# grade: ex1 format=1 variant=0
# The slope of a polynomial
import torch

# Predict: before and after backward()

before = None
value = 3**3 + 6 * 3**2 - 7 * 3 + 4.5   # = 64.5
gradient = 3 * 3**2 + 2 * 6 * 3 - 7


# By calculus

def dydx(x, a, b, c):
    # d/dx x^3 = 3x^2, d/dx a x^2 = 2ax, d/dx bx = b, d/dx c = 0
    cubic = x * x * 3
    square = a * (x + x)
    return cubic + square + b


# With autograd

def with_autograd(x0, a, b, c):
    theta = torch.tensor(data=x0).requires_grad_(True)
    powers = [theta**k for k in range(4)]
    result = sum(coef * p for coef, p in zip((c, b, a, 1), powers))
    result.backward()
    print("slope at", x0, "is", theta.grad.item())
    return theta, result


if __name__ == "__main__":
    leaf, y = with_autograd(3.0, 6.0, -7.0, 4.5)
    print(float(y), leaf.grad, dydx(3.0, 6.0, -7.0, 4.5))
    assert abs(leaf.grad.item() - dydx(3.0, 6.0, -7.0, 4.5)) < 1e-4
