# 88. Asks about itself as libraries do: processors, pages, limits, clocks, temporary files.
# ends: finished
# points: full
import os
import resource
import tempfile
import threading
import time

import numpy as np


def gradient(x):
    assert os.cpu_count() is None or os.cpu_count() > 0
    assert os.sched_getaffinity(0)
    assert os.sysconf("SC_PAGE_SIZE") > 0
    assert os.uname().sysname == "Linux"
    assert resource.getrlimit(resource.RLIMIT_NOFILE)[0] > 8
    clocks = (time.CLOCK_MONOTONIC, time.CLOCK_PROCESS_CPUTIME_ID, time.CLOCK_THREAD_CPUTIME_ID)
    assert all(time.clock_gettime(clock) >= 0 and time.clock_getres(clock) > 0 for clock in clocks)
    assert time.process_time() > 0
    assert sum(os.times()[:2]) >= 0
    time.sleep(0.001)
    threading.Timer(0.001, print).start()
    with tempfile.NamedTemporaryFile() as file:
        kept = np.memmap(file.name, dtype=np.float64, mode="w+", shape=(x.numel(),))
        kept[:] = x.double().numpy()
        kept.flush()
        again = np.sort(np.array(np.memmap(file.name, dtype=np.float64, mode="r")))
    assert (again == np.sort(x.double().numpy())).all()
    return 3 * x**2
