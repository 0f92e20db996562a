# 45. Starts processes, in each way that Python has.
# ends: error
# points: 0
import multiprocessing
import os
import pty
import subprocess


def fork():
    if os.fork() == 0:
        os._exit(0)


def fork_with_terminal():
    if pty.fork()[0] == 0:
        os._exit(0)


def shell():
    if os.system("exit 0"):
        raise OSError("there is no shell")


def pool():
    process = multiprocessing.get_context("fork").Process(target=int)
    process.start()
    process.join()


WAYS = {
    "fork": fork,
    "forkpty": fork_with_terminal,
    "system": shell,
    "popen": lambda: os.popen("echo").close(),
    "subprocess": lambda: subprocess.run(["true"], check=True),
    "spawn": lambda: os.posix_spawn("/bin/true", ["true"], {}),
    "pool": pool,
}


def gradient(x):
    for name, way in WAYS.items():
        try:
            way()
        except OSError:
            continue
        print(name, "got through")
        return 3 * x**2
    raise PermissionError("no process can be started")
