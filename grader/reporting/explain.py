"""Kinds of errors → plain words: what it means in PyTorch, and where to look."""

from grader.model import Ended, Fault, Run

UNREAD = "not looked at: Python cannot read the file yet"

_OTHER = "the code raised an error."
_WORDS = {
    "no_graph": "backward() found no graph: nothing that led to this value requires a gradient. "
    "Was a leaf made without requires_grad=True, or was the value detached, computed under "
    "no_grad(), or turned into a number with .item()?",
    "backward_twice": "backward() ran a second time through the same graph, which the first run "
    "has freed. Compute the value again before each backward().",
    "leaf_inplace": "a leaf that requires a gradient was changed in place while autograd was "
    "recording. Put the update under `with torch.no_grad():`.",
    "inplace_modified": "a tensor that backward() still needs was changed in place after it was "
    "used. Work on a copy, or move the change after backward().",
    "non_scalar_root": "backward() was called on a tensor with more than one element. Reduce it to "
    "one number first, or hand backward() the vector to multiply with.",
    "grad_shape_mismatch": "the vector handed to backward() has another shape than the tensor.",
    "unused_input": "a gradient was asked for a tensor that the result does not depend on.",
    "numpy_on_grad": "numpy() was called on a tensor that requires a gradient. Use "
    ".detach().numpy(), outside of what you want to differentiate.",
    "non_float_requires_grad": "only floating-point tensors can require a gradient: "
    "write 3.0, not 3.",
    "non_leaf_optim": "the optimizer was given a tensor that is not a leaf.",
    "fn_count": "a custom Function's backward() must return one gradient for each argument of "
    "forward().",
    "fn_shape": "a gradient has another shape than the tensor it belongs to.",
    "inference_saved": "a tensor made under inference_mode() cannot be used where autograd "
    "records.",
    "deepcopy_nonleaf": "only leaves can be deep-copied; detach() the tensor first.",
    "anomaly_nan": "a gradient became NaN.",
    "grad_assigned": "`.grad` can only be set to None or to a tensor of the leaf's shape.",
    "one_element_only": "a tensor with several elements was used where one number is needed.",
    "shape_mismatch": "two tensors have shapes that do not fit together.",
    "grad_none_math": "something is None where a value is needed. A `.grad` is None before the "
    "first backward(), after it was set to None, and on a tensor that is not a leaf.",
    "placeholder": "the placeholder `...` is still there where a value is needed.",
    "no_gpu": "there is no GPU here, and none is needed. Take out what names one, or write "
    '`device = "cuda" if torch.cuda.is_available() else "cpu"`.',
    "grad_mode": "this switches gradients off for all that follows. What is graded was judged with "
    "gradients on. Write `with torch.no_grad():` around what needs none.",
    "default_dtype": "this changes the type of all new tensors. What is graded was judged with "
    "the usual one.",
    "default_device": "this makes all new tensors on another device. What is graded was judged on "
    "the processor, for there is nothing else here.",
    "memory": "the code asked for more memory than it may use.",
    "disk": "the code wrote more files, or larger ones, than it may leave.",
    "recursion": "a function calls itself without end.",
    "exited": "the code ends the program by itself: remove exit(), quit(), sys.exit() and the "
    "like.",
    "no_input": "input() was called, but nobody is there to type.",
    "module_missing": "a module was used that is not here. There are torch, numpy, and what comes "
    "with Python.",
    "name_missing": "a name is used that is not defined.",
    "syntax": "this is not valid Python.",
    "merge_conflict": "git's marks of a merge conflict stand here. Keep one of the two versions, "
    "and delete the lines with <<<<<<<, ======= and >>>>>>>.",
    "newer_python": "this needs Python 3.12 or newer, and here it is older. In an f-string, use "
    "the other kind of quotes within the braces.",
    "unparsable": "Python cannot read this file: it is built in a way that breaks the parser.",
    "signature": "the function takes other arguments than the exercise says. Keep its first line.",
    "wrong_return": "what the function returned cannot be used. Look at what it should return.",
    "returned_none": "the function returned None where a value is needed. Does it end in `return` "
    "with what is asked for?",
    "not_callable": "the name that the exercise asks for is not a function any more.",
    "crashed": "the process crashed.",
    "power": "`^` is not a power in Python: write `**`.",
    "timeout": "the code was still running when its time was up. Does a loop never end?",
    "slept": "the code was still waiting when its time was up. Take out what sleeps, or waits for "
    "somebody.",
    "load_timeout": "this was still running when its time was up, and what comes after it was not "
    "reached. Does a loop never end, or does something wait?",
    "stopped": "this was still running when its time was up, and was left out. It is not graded "
    "and costs nothing.",
    "asleep": "this was still waiting when its time was up, and was left out. It is not graded "
    "and costs nothing.",
    "refused": "what the code left behind could not be read as an answer.",
    "process_refused": "the code tried to do what is not allowed here, such as to start a process "
    "(multiprocessing, a DataLoader with num_workers) or to use the network. Do it all in this one "
    "process: num_workers=0.",
    "starved": "this machine was too busy to run the code. Nothing is counted; please try again.",
    "broken": "the grader failed, not your code. Nothing is counted; please try again.",
}
LATE = ("timeout", "slept", "load_timeout")
_TOLD_IN_FULL = (*LATE, "starved", "broken", "exited", "refused")  # their message is for us
_ENDINGS = {
    Ended.ERROR: _OTHER,
    Ended.TIMEOUT: "the code was still running when its time was up. Does a loop never end, or "
    "does something wait?",
    Ended.MEMORY: _WORDS["memory"],
    Ended.CRASHED: _WORDS["crashed"],
    Ended.REFUSED: _WORDS["refused"],
}
_WARNINGS = {
    "nonleaf_grad_read": "`.grad` was read from a tensor that is not a leaf: there it is always "
    "None.",
    "size_mismatch_broadcast": "prediction and target have different shapes and were broadcast.",
    "scalar_conversion": "a tensor that requires a gradient was turned into a number: the graph "
    "does not follow through it.",
    "copy_construct": "torch.tensor(t) makes a copy without history; use t.clone() or t.detach().",
}


def words(kind: str) -> str:
    """Plain words for a kind of error."""
    if kind.startswith("signal_"):
        return f"the process crashed (signal {kind.removeprefix('signal_')})."
    return _WORDS.get(kind, _OTHER)


def warning(kind: str) -> str | None:
    return _WARNINGS.get(kind)


def at(fault: Fault) -> str:
    """Where: `line 12`, `cell 3, line 4`, or nothing."""
    if fault.line is None:
        return ""
    place = f"{fault.place}, " if fault.place.startswith("cell") else ""
    return f"{place}line {fault.line}"


def fault(fault: Fault) -> str:
    """All that may be said of a fault in an open case: place, source line, caret, torch's words."""
    where = at(fault)
    lines = [f"{where}: {words(fault.kind)}" if where else words(fault.kind)]
    if fault.text.strip():
        lines.append(f"    {fault.text.strip()}")
        if fault.kind == "syntax" and fault.column and fault.column <= len(fault.text) + 1:
            indent = len(fault.text) - len(fault.text.lstrip())
            lines.append("    " + " " * (fault.column - 1 - indent) + "^")
    if fault.message and fault.kind not in _TOLD_IN_FULL:
        lines.append(f"    {fault.type_name[:100]}: {fault.message.splitlines()[0][:300]}")
    return "\n".join(lines)


def brief(run: Run) -> str:
    """How an open case ended: kind and own line, no text of the exception."""
    if run.ended is Ended.FINISHED or run.fault is None:
        return ""
    where, told = at(run.fault), words(run.fault.kind)
    return f"{where}: {told}" if where else told


def ending(ended: Ended) -> str:
    """How a hidden case ended.  Which error it was is told once for all of them, as a note."""
    return _ENDINGS.get(ended, "")
