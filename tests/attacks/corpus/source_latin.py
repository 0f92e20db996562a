# 39. Is not UTF-8: הצü
# ends: unread
# points: 0
def gradient(x):
    return 3 * x**2
