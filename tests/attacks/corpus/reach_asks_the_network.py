# 60. Fetches a page, as code that downloads its answers would.
# ends: error
# points: 0
import urllib.request


def gradient(x):
    with urllib.request.urlopen("http://127.0.0.1:9/answers", timeout=0.3) as page:
        return 3 * x**2 if page else x
