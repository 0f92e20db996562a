# 71. Lets folders and files change places all the time, in case somebody looks through them.
# ends: timeout
# points: 0
import ctypes
import os

RENAMEAT2, HERE, RENAME_EXCHANGE = 316, -100, 2
libc = ctypes.CDLL(None)


def gradient(x):
    for number in range(100):
        os.mkdir(f"folder-{number}")
        os.close(os.open(f"file-{number}", os.O_CREAT | os.O_WRONLY))
    pairs = [(f"folder-{number}".encode(), f"file-{number}".encode()) for number in range(100)]
    while True:
        for folder, file in pairs:
            libc.syscall(RENAMEAT2, HERE, folder, HERE, file, RENAME_EXCHANGE)
