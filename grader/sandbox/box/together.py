"""Many trusted jobs in one process, each as if it were the first; ends early where that cannot be.

What a run may leave for the next one is put back or, if it cannot be, looked for: then the parent
has what comes after it run elsewhere.
"""

import builtins
import os
import random
import signal
import struct
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

HEAD = struct.Struct("<Qd")  # before each frame: its length, and the CPU seconds it took
_PATIENCE_SECONDS = 3  # with one job; whoever needs more, or never ends, gets a box of its own
Job = Mapping[str, Any]  # Any: JSON


def run(jobs: Sequence[Job], write: Callable[[bytes], None], do: Callable[[Job], bytes]) -> None:
    """Send what comes of each job."""
    import torch
    from numpy import random as numpy_random

    signal.signal(signal.SIGALRM, lambda *_: os._exit(0))
    seeds = random.getstate(), torch.get_rng_state(), numpy_random.get_state()  # noqa: NPY002
    state, spaces = _state(), [(space, dict(space)) for space in _shared_names()]
    for job in jobs:
        signal.setitimer(signal.ITIMER_REAL, _PATIENCE_SECONDS)
        began = time.process_time()
        frame = do(job)
        # A run may have put another `len` there, and the frame's own header rests on that.
        write(HEAD.pack(frame.__len__(), time.process_time() - began) + frame)
        random.setstate(seeds[0])
        torch.set_rng_state(seeds[1])
        numpy_random.set_state(seeds[2])  # noqa: NPY002
        torch.set_default_dtype(torch.float32)
        for space, before in spaces:  # first: all else here rests on such names
            for name in before:
                if space.get(name) is not before[name]:
                    return
        if _state() != state:
            return


def _state() -> tuple[object, ...]:
    """Modes that a run may have left on, threads and files that it may have left behind."""
    import torch

    return (
        torch.is_grad_enabled(),
        torch.is_inference_mode_enabled(),
        torch.is_anomaly_enabled(),
        torch.are_deterministic_algorithms_enabled(),
        torch._C._len_torch_function_stack(),
        torch._C._len_torch_dispatch_stack(),
        torch._C._autograd._top_saved_tensors_default_hooks(True),  # noqa: FBT003
        threading.active_count(),
        sorted(os.listdir()),  # noqa: PTH208
        dict(os.environ),
    )


def _shared_names() -> tuple[Mapping[str, object], ...]:
    """Where a run could bind a name anew for everybody."""
    import torch

    shared = (builtins, torch, torch.Tensor, torch.autograd, torch.nn.functional)
    return tuple(vars(owner) for owner in shared)
