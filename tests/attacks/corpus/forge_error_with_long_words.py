# 85. An error with fifty megabytes of words, full of escapes.
# ends: error | memory
# points: 0
class Loud(Exception):
    def __str__(self):
        return "\x1b[2J\x1b]0;pass\x07\r" * (1 << 21)


def gradient(x):
    raise Loud
