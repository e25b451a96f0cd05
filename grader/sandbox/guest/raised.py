"""An exception of a student's program -> plain text, whatever the exception does to prevent it."""

from __future__ import annotations

import builtins
import opcode
from types import TracebackType
from typing import Any

# From here on this module's functions see builtins as they were before any student's code ran.
globals()["__builtins__"] = dict(vars(builtins))

MESSAGE_CHARACTERS = 1000
NAME_CHARACTERS = 100
LINE_CHARACTERS = 200
TRACE_BYTES = 4096
FRAMES_SHOWN = 12
FRAMES_WALKED = 100_000
MAX_BASES = 16

# The slots themselves: a subclass or a metaclass may put properties before them.
_get_type_name = type.__dict__["__name__"].__get__
_get_mro = type.__dict__["__mro__"].__get__
_get_traceback = BaseException.__dict__["__traceback__"].__get__
_get_args = BaseException.__dict__["args"].__get__
_get_missing_name = NameError.__dict__["name"].__get__
_get_syntax_line = SyntaxError.__dict__["lineno"].__get__

_RAISE = opcode.opmap["RAISE_VARARGS"]

_sources: dict[str, list[str]] = {}


def remember_source(filename: str, text: str) -> None:
    """Make a student's file known: its frames are shown in traces, with their lines."""
    _sources[filename] = text.split("\n")


def sources() -> dict[str, list[str]]:
    """Return the lines of every file of a student that was loaded, by its name."""
    return dict(_sources)


def describe_exception(error: BaseException, snippet_name: str) -> dict[str, Any]:
    """Return kind, bases, message, in_snippet, name, file, line, function, trace and is_refused.

    `in_snippet` is true where the innermost frame that is either the student's or the snippet's
    is the snippet's; then `file`, `line` and `function` stay empty. Never raises.
    """
    description: dict[str, Any] = {
        "kind": "Exception",
        "bases": ["BaseException"],
        "message": "",
        "in_snippet": False,
        "name": "",
        "file": "",
        "line": None,
        "function": "",
        "trace": "",
        "is_refused": False,
    }
    steps = (_describe_kind, _describe_place, _describe_name, _describe_message, _describe_memory)
    for step in steps:
        try:
            description.update(step(error, snippet_name))
        except BaseException:  # noqa: BLE001 - hostile, or out of memory: go on
            continue
    closing = f"{description['kind']}: {description['message']}".rstrip(": ")
    description["trace"] = _bound_trace(description["trace"], closing)
    return description


def _describe_kind(error: BaseException, _snippet_name: str) -> dict[str, Any]:
    mro = _get_mro(type(error))
    names = [_clean(_get_type_name(base), NAME_CHARACTERS) for base in mro[: MAX_BASES + 1]]
    return {"kind": names[0], "bases": [name for name in names[1:] if name != "object"]}


def _describe_message(error: BaseException, _snippet_name: str) -> dict[str, Any]:
    return {"message": _clean(str(error), MESSAGE_CHARACTERS)}


def _describe_name(error: BaseException, _snippet_name: str) -> dict[str, Any]:
    missing: object = ""
    if isinstance(error, NameError):
        missing = _get_missing_name(error)
    elif isinstance(error, KeyError) and _get_args(error):
        missing = _get_args(error)[0]
    return {"name": _clean(missing, NAME_CHARACTERS) if type(missing) is str else ""}


def _describe_memory(error: BaseException, _snippet_name: str) -> dict[str, Any]:
    return {"is_refused": isinstance(error, MemoryError) and not _is_raised_by_hand(error)}


def _is_raised_by_hand(error: BaseException) -> bool:
    """Whether a `raise` statement raised it; one that raises it again does not count."""
    innermost = traceback = _get_traceback(error)
    for _ in range(FRAMES_WALKED):
        if traceback is None:
            break
        innermost, traceback = traceback, traceback.tb_next
    if innermost is None:
        return False
    operation: int = innermost.tb_frame.f_code.co_code[innermost.tb_lasti]
    return operation == _RAISE


def _describe_place(error: BaseException, snippet_name: str) -> dict[str, Any]:
    frames = _list_frames(_get_traceback(error), snippet_name)
    shown = frames
    if len(frames) > FRAMES_SHOWN:
        half = FRAMES_SHOWN // 2
        shown = [*frames[:half], ("", len(frames) - FRAMES_SHOWN, ""), *frames[-half:]]
    trace = "\n".join(_show_frame(*frame) for frame in shown)
    if not frames:
        return {"trace": trace}
    file, line, function = frames[-1]
    if file == snippet_name:
        return {"in_snippet": True, "trace": trace}
    return {"file": file, "line": line, "function": function, "trace": trace}


def _list_frames(traceback: TracebackType | None, snippet_name: str) -> list[tuple[str, int, str]]:
    frames: list[tuple[str, int, str]] = []
    for _ in range(FRAMES_WALKED):
        if traceback is None:
            break
        code = traceback.tb_frame.f_code
        if code.co_filename == snippet_name or code.co_filename in _sources:
            frames.append((code.co_filename, traceback.tb_lineno, code.co_name))
        traceback = traceback.tb_next
    return frames


def _show_frame(file: str, line: int, function: str) -> str:
    if not file:
        return f"  ... {line} more ..."
    place = f'  File "{file}", line {line}, in {_clean(function, NAME_CHARACTERS)}'
    lines = _sources.get(file, [])
    text = lines[line - 1].strip() if line and 0 < line <= len(lines) else ""
    return f"{place}\n    {_clean(text, LINE_CHARACTERS)}" if text else place


def _bound_trace(frames: str, closing: str) -> str:
    trace = f"Traceback (most recent call last):\n{frames}\n{closing}" if frames else closing
    content = trace.encode()
    return trace if len(content) <= TRACE_BYTES else content[:TRACE_BYTES].decode(errors="ignore")


def _clean(text: object, limit: int) -> str:
    """Return a true `str` that UTF-8 can write: a subclass could do anything when it is used."""
    cut = str.__getitem__(text, slice(0, limit))  # type: ignore[index]
    return str.encode(cut, "utf-8", "backslashreplace").decode()
