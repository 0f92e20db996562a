# 74. Dies as soon as it is read, without a word.
# ends: crashed
# points: 0
import os

os._exit(0)
