# 53. Runs code that no compiler would write: it takes from an empty stack.
# ends: crashed | error
# points: 0
import types


def gradient(x):
    pops = bytes([151, 0, 1, 0, 1, 0, 1, 0, 83, 0])
    code = gradient.__code__.replace(co_code=pops, co_stacksize=0)
    types.FunctionType(code, {})(x)
    return 3 * x**2
