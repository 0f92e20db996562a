# 33. Raises SystemExit with a success in it.
# ends: error
# points: 0
def gradient(x):
    raise SystemExit({"outcome": "pass", "points": 100})
