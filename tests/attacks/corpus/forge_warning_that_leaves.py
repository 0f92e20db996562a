# A warning whose words end the program when they are looked at.
# ends: crashed
# points: 0
import warnings


class Leaves(Warning):
    looked_at = 0

    def __str__(self):
        Leaves.looked_at += 1
        if Leaves.looked_at > 1:
            raise SystemExit(0)
        return "once"


def gradient(x):
    warnings.warn(Leaves())
    return 3 * x**2
