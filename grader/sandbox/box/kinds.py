"""Errors and warnings of PyTorch → kinds.  By pattern, since the texts differ between releases."""

import re
from collections.abc import Iterable

_ERRORS = {
    "no_graph": r"does not require grad and does not have a grad_fn",
    "backward_twice": r"backward through the graph a second time",
    "leaf_inplace": r"leaf Variable that requires grad .* in-?place",
    "inplace_modified": r"modified by an inplace operation",
    "non_scalar_root": r"implicitly created only for scalar",
    "grad_shape_mismatch": r"Mismatch in shape: grad_output",
    "unused_input": r"appears? (to )?not (to )?have been used",
    "numpy_on_grad": r"Can't call numpy",
    "non_float_requires_grad": r"floating point and complex dtype can require",
    "non_leaf_optim": r"can't optimize a non-leaf",
    "fn_count": r"incorrect number of gradients",
    "fn_shape": r"invalid gradient at index",
    "inference_saved": r"Inference tensors cannot be saved",
    "deepcopy_nonleaf": r"graph leaves",
    "anomaly_nan": r"returned nan values",
    "grad_assigned": r"assigned grad (expected to be|has data of)",
    "one_element_only": r"only one element tensors can be converted|cannot be converted to Scalar",
    "shape_mismatch": r"size of tensor .* must match|shapes? .* cannot be multiplied|broadcastable",
    "no_gpu": r"not compiled with (CUDA|XPU)|not linked with support for|without MPS backend|"
    r"Cannot get CUDA generator|NVIDIA|No CUDA GPUs",
    "memory": r"can't allocate memory|not enough memory|Cannot allocate memory",
    "grad_none_math": r"NoneType",
    "placeholder": r"ellipsis",
    "power": r"unsupported operand type\(s\) for \^|bitwise_xor",
    "process_refused": r"Operation not permitted|Resource temporarily unavailable|"
    r"failure in name resolution|Name or service not known|Network is unreachable",
}
_TYPES = {
    MemoryError: "memory",
    RecursionError: "recursion",
    SystemExit: "exited",
    EOFError: "no_input",
    ModuleNotFoundError: "module_missing",
    NameError: "name_missing",
    SyntaxError: "syntax",
}
# What Python cannot read, by what it is.
CONFLICT, NEWER = "merge_conflict", "newer_python"
# Left on by a statement at the top level, and put back.
SWITCHES = ("grad_mode", "default_dtype", "default_device")
_CALLS = ("not_callable", "signature", "returned_none", "wrong_return")
# All that a box may call an error.
KINDS = frozenset(
    {*_ERRORS, *_TYPES.values(), *_CALLS, *SWITCHES, CONFLICT, NEWER}
    | {"timeout", "load_timeout", "other"}
)
# What these need fails in many ways: no shared memory, no semaphores, no files for them.
_PROCESSES = re.compile(r"/(multiprocessing|concurrent/futures)/[a-z_]+\.py$")
_WARNINGS = {
    "nonleaf_grad_read": r"\.grad attribute of a Tensor that is not a leaf",
    "size_mismatch_broadcast": r"target size .* different to the input size",
    "scalar_conversion": r"Converting a tensor with requires_grad=True to a scalar",
    "copy_construct": r"To copy construct from a tensor",
    "create_graph_cycle": r"create_graph=True will create a reference cycle",
    "ckpt_no_inputs_grad": r"None of the inputs have requires_grad=True",
}
WARNINGS = frozenset(_WARNINGS)


def error_kind(error: BaseException, message: str) -> str:
    """The kind of an error, "other" if it is none that the course speaks of."""
    for kind, pattern in _ERRORS.items():
        if re.search(pattern, message):
            return kind
    for type_, kind in _TYPES.items():
        if isinstance(error, type_):
            return kind
    return "other"


def in_processes(files: Iterable[str]) -> bool:
    """Whether an error came up in the library that starts processes."""
    return any(_PROCESSES.search(file) for file in files)


def call_kind(error: BaseException, message: str) -> str:
    """The kind of an error that came up where the drive calls, or uses what it was given."""
    if isinstance(error, TypeError) and "not callable" in message:
        return "not_callable"
    if isinstance(error, TypeError) and "argument" in message:
        return "signature"
    return "returned_none" if "NoneType" in message else "wrong_return"


def warning_kind(message: str) -> str | None:
    return next((kind for kind, text in _WARNINGS.items() if re.search(text, message)), None)
