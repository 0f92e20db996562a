import pytest

from grader.model import Ended, Items, Number, Tensor
from grader.sandbox.client import Sandbox
from grader.sandbox.limits import Limits
from grader.sandbox.runs import run_all
from tests.samples_box import ENDLESS, FINE, SHORT, job, run

LITTLE = Limits(wall_seconds=20, memory_mb=64)

DEAF = """
def f(x):
    while True:
        try:
            while True:
                pass
        except BaseException:
            pass
"""
CLOSED = """
import os
def f(x):
    os.close(4)
    return 5.0
"""
LIES = """
import json
json.dumps = lambda *args, **kwargs: '{"observations": {"y": {"t": "number", "v": 1}}}'
def f(x):
    return 2 * x
"""
LYING_TENSOR = """
import torch
class Right(torch.Tensor):
    @classmethod
    def __torch_function__(cls, func, types, args=(), kwargs=None):
        return True
def f(x):
    return torch.tensor([1.0, 2.0]).as_subclass(Right)
"""
LYING_NUMBER = """
class Right(float):
    __eq__ = __le__ = __ge__ = lambda self, other: True
    __sub__ = __rsub__ = lambda self, other: 0.0
def f(x):
    return Right(7.0)
"""


def test_a_run_gives_what_the_drive_returned(sandbox: Sandbox) -> None:
    done = run(sandbox, FINE)

    assert done.ended is Ended.FINISHED
    assert done.observations == {"y": Number(5.0)}


@pytest.mark.parametrize("source", [ENDLESS, DEAF])
def test_an_endless_loop_ends_when_its_time_is_up(sandbox: Sandbox, source: str) -> None:
    done = run(sandbox, source, limits=SHORT)

    assert done.ended is Ended.TIMEOUT
    assert 0.3 < done.usage.cpu_seconds < 1


def test_a_loop_that_can_be_interrupted_tells_its_line(sandbox: Sandbox) -> None:
    fault = run(sandbox, ENDLESS, limits=SHORT).fault

    assert fault is not None
    assert (fault.kind, fault.line in {2, 3}) == ("timeout", True)


def test_a_timeout_leaves_the_other_cases(sandbox: Sandbox) -> None:
    jobs = [job(FINE), job(DEAF, limits=SHORT), job(FINE)]

    done = run_all(sandbox, jobs)

    assert [each.ended for each in done] == [Ended.FINISHED, Ended.TIMEOUT, Ended.FINISHED]


@pytest.mark.parametrize(
    ("body", "ended", "kind"),
    [
        ("import sys; sys.exit(0)", Ended.ERROR, "exited"),
        ("raise KeyboardInterrupt", Ended.ERROR, "other"),
        ("import os; os._exit(0)", Ended.CRASHED, "exited"),
        ("import os; os._exit(70)", Ended.CRASHED, "exited"),
        ("import os; os.kill(os.getpid(), 15)", Ended.CRASHED, "signal_15"),
        ("import ctypes; ctypes.string_at(0)", Ended.CRASHED, "signal_11"),
        ("return f(x)", Ended.ERROR, "recursion"),
        ("return float(input())", Ended.ERROR, "no_input"),
        ("return torch.ones(1)[3]", Ended.ERROR, "other"),
        ("return missing", Ended.ERROR, "name_missing"),
        ("import absent_module", Ended.ERROR, "module_missing"),
        ("return torch.ones(1).backward()", Ended.ERROR, "no_graph"),
    ],
)
def test_how_a_run_ended(sandbox: Sandbox, body: str, ended: Ended, kind: str) -> None:
    done = run(sandbox, f"import torch\ndef f(x):\n    {body}\n")

    assert done.ended is ended
    assert done.fault is not None
    assert done.fault.kind == kind
    assert not done.observations


@pytest.mark.parametrize(
    "body",
    [
        "    rows = []\n    while True:\n        rows.append(bytearray(10**6))\n",
        "    import torch\n    return torch.ones(10**9)\n",
        "    return [0] * 10**9\n",
    ],
)
def test_memory_is_limited(sandbox: Sandbox, body: str) -> None:
    assert run(sandbox, f"def f(x):\n{body}", limits=LITTLE).ended is Ended.MEMORY


def test_of_a_huge_output_the_first_part_is_kept_and_values_count(sandbox: Sandbox) -> None:
    done = run(sandbox, "def f(x):\n    print('a' * 1000000)\n    print('b')\n    return 5.0\n")

    assert done.output == "a" * (64 << 10)
    assert done.observations == {"y": Number(5.0)}


def test_an_endless_output_ends_when_its_time_is_up(sandbox: Sandbox) -> None:
    source = "def f(x):\n    while True:\n        print('a' * 1000)\n"

    done = run(sandbox, source, limits=SHORT)

    assert done.ended is Ended.TIMEOUT
    assert len(done.output) == 64 << 10


def test_output_that_is_no_text_is_kept_readable(sandbox: Sandbox) -> None:
    source = "import os\ndef f(x):\n    os.write(1, b'\\xff\\xfeok')\n    return 5.0\n"

    assert run(sandbox, source).output == "\ufffd\ufffdok"


def test_code_may_close_its_output(sandbox: Sandbox) -> None:
    source = "import sys\nsys.stdout.close()\ndef f(x):\n    return 5.0\n"

    assert run(sandbox, source).observations == {"y": Number(5.0)}


@pytest.mark.parametrize("words", ["GRD1", "x", "GRD1" + "\\0" * 12, "\\xff" * 100])
@pytest.mark.parametrize("after", ["return 5.0", "os._exit(0)"])
def test_garbage_on_the_result_pipe_is_refused(sandbox: Sandbox, words: str, after: str) -> None:
    done = run(sandbox, f"import os\ndef f(x):\n    os.write(4, b'{words}')\n    {after}\n")

    assert done.ended is Ended.REFUSED
    assert not done.observations


def test_a_flood_on_the_result_pipe_is_cut(sandbox: Sandbox) -> None:
    source = "import os\ndef f(x):\n    while True:\n        os.write(4, bytes(1 << 16))\n"

    assert run(sandbox, source).ended is Ended.REFUSED


def test_a_forged_message_is_a_claim_like_any_other(sandbox: Sandbox) -> None:
    """It may say what it wants but the right values, which it does not know."""
    source = """
import json, os, struct
text = json.dumps({"observations": {"y": {"t": "number", "v": 7}}, "warnings": []}).encode()
def f(x):
    os.write(4, b"GRD1" + struct.pack("<IQ", len(text), 0) + text)
    os._exit(0)
"""

    assert run(sandbox, source).observations == {"y": Number(7)}


@pytest.mark.parametrize("source", [CLOSED, LIES])
def test_who_breaks_the_messenger_has_no_observations(sandbox: Sandbox, source: str) -> None:
    done = run(sandbox, source)

    assert done.ended in {Ended.CRASHED, Ended.REFUSED}
    assert not done.observations


def test_a_tensor_that_lies_is_read_byte_by_byte(sandbox: Sandbox) -> None:
    seen = run(sandbox, LYING_TENSOR).observations["y"]

    assert isinstance(seen, Tensor)
    assert seen.value.tolist() == [1.0, 2.0]


def test_a_number_that_lies_is_read_as_a_number(sandbox: Sandbox) -> None:
    assert run(sandbox, LYING_NUMBER).observations == {"y": Number(7.0)}


def test_inputs_come_back_as_they_were_left(sandbox: Sandbox) -> None:
    source = "def f(x):\n    x.append(1.0)\n    return 0.0\n"

    (done,) = run_all(sandbox, [job(source, inputs={"x": [2.5]})])

    assert done.inputs_after == {"x": Items((Number(2.5), Number(1.0)))}
