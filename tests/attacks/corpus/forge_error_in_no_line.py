# 85. Fails in a line that its file does not have, under a name that is not its own.
# ends: error
# points: 0
def gradient(x):
    import sys

    own = sys._getframe().f_code.co_filename
    exec(compile("\n" * 999_999 + "raise ValueError", own, "exec"))
