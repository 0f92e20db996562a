# 13. Right values, by working in the caller's tensor; the check that looks at x fails.
# ends: finished
# points: 3
def gradient(x):
    return x.pow_(2).mul_(3)
