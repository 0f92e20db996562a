# A list that says it is short, and never ends.
# ends: memory | timeout | crashed | error
# points: 0
class Endless(list):
    def __len__(self):
        return 0

    def __iter__(self):
        while True:
            yield [0.125] * 5000


def gradient(x):
    return Endless()
