# 43. Raises its limit on processor time, then burns more of it on two threads than it was given.
# ends: error
# points: 0
import resource


def gradient(x):
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (hard + 60, hard + 60))
    return 3 * x**2
