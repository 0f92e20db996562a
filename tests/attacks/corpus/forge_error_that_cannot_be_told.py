# 85. An error whose words end the program, whose name is no text, and which was caused by itself.
# ends: error | crashed | refused
# points: 0
class Meta(type):
    @property
    def __name__(cls):
        return {"points": 100}


class Odd(Exception, metaclass=Meta):
    def __str__(self):
        raise SystemExit(0)


def gradient(x):
    error = Odd()
    error.__cause__ = error.__context__ = error
    raise error
