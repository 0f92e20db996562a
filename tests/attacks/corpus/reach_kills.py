# 56. Signals to its parent, its group, everybody: by each call that sends one, always signal 0.
# ends: error
# points: 0
import ctypes
import os
import signal

libc = ctypes.CDLL(None)
others = [pid for pid in (os.getppid(), os.getppid() - 1, 1, 2) if pid > 0 and pid != os.getpid()]


def call(number, *words):
    if libc.syscall(*(ctypes.c_long(word) for word in (number, *words))) < 0:
        raise PermissionError


WAYS = {
    "kill": lambda pid: os.kill(pid, 0),
    "killpg": lambda pid: os.killpg(pid, 0),
    "tgkill": lambda pid: call(234, pid, pid, 0),
    "tkill": lambda pid: call(200, pid, 0),
    "rt_sigqueueinfo": lambda pid: call(129, pid, 0, 0),
    "pidfd": lambda pid: signal.pidfd_send_signal(os.pidfd_open(pid), 0),
    "group": lambda _: os.kill(0, 0),
    "own group": lambda _: os.killpg(os.getpgrp(), 0),
    "all": lambda _: os.kill(-1, 0),
    "own group by number": lambda _: os.kill(-os.getpgrp(), 0),
}


def gradient(x):
    for pid in others:
        for name, way in WAYS.items():
            try:
                way(pid)
            except OSError:
                continue
            print(name, "reached", pid)
            return 3 * x**2
    raise PermissionError("nobody can be reached")
