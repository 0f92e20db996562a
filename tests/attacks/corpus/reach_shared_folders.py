# 61. Leaves a note in a folder of the machine where everybody may write, and takes it away again.
# ends: error
# points: 0
# in d: finished; points: full
import os
import pathlib

FOLDERS = ("/dev/shm", "/tmp", "/var/tmp", "/run/lock", "/var/crash", "/dev/mqueue")


def gradient(x):
    for folder in FOLDERS:
        note = pathlib.Path(folder, f"grader-attack-note-{os.getpid()}")
        try:
            note.write_text("the answer is 3 * x ** 2")
            note.unlink()
        except OSError:
            continue
        print(folder, "took a note")
        return 3 * x**2
    raise PermissionError("it can leave no note")
