"""Compiles the seccomp table to BPF with libseccomp: `python -m grader.sandbox.seccomp_build`.

Run by whoever changes the table, not at run time: the bytes are shipped in guest/.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import tempfile
from pathlib import Path
from typing import Any

from grader.errors import ConfigurationError
from grader.sandbox import seccomp_table as table

ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
FILTER_FOLDER = Path(__file__).parent / "guest"

_ALLOW, _KILL_PROCESS, _ERRNO = 0x7FFF0000, 0x80000000, 0x00050000
_EPERM = 1
_MASKED_EQ = 7
_OPTIMIZE, _ON_OTHER_ARCHITECTURE = 8, 2


class _Comparison(ctypes.Structure):
    """struct scmp_arg_cmp of libseccomp."""

    _fields_ = (
        ("argument", ctypes.c_uint),
        ("operator", ctypes.c_int),
        ("mask", ctypes.c_uint64),
        ("value", ctypes.c_uint64),
    )


def build(architecture: str) -> bytes:
    """Return the filter for one architecture as an array of struct sock_filter."""
    library = _load_library()
    context = library.seccomp_init(ctypes.c_uint32(_ERRNO | _EPERM))
    token = ARCHITECTURES[architecture]
    if library.seccomp_arch_exist(context, token):
        library.seccomp_arch_add(context, token)
        for other in set(ARCHITECTURES.values()) - {token}:
            library.seccomp_arch_remove(context, other)
    library.seccomp_attr_set(context, _OPTIMIZE, ctypes.c_uint32(2))
    library.seccomp_attr_set(context, _ON_OTHER_ARCHITECTURE, ctypes.c_uint32(_KILL_PROCESS))

    def add(action: int, name: str, *comparisons: _Comparison) -> None:
        if library.seccomp_syscall_resolve_name_arch(token, name.encode()) < 0:
            return  # not a system call of this architecture
        # Rules are given in the numbers of the machine that builds, and translated.
        number = library.seccomp_syscall_resolve_name(name.encode())
        array = (_Comparison * len(comparisons))(*comparisons)
        status = library.seccomp_rule_add_exact_array(
            context, ctypes.c_uint32(action), number, len(comparisons), array
        )
        if status:
            raise ConfigurationError(f"libseccomp refused the rule for {name}: {status}")

    for name in table.names(table.ALLOWED):
        add(_ALLOW, name)
    for name in table.names(table.KILLED):
        add(_KILL_PROCESS, name)
    for code, refused in table.REFUSED.items():
        for name in refused.split():
            add(_ERRNO | code, name)
    for rule in table.ARGUMENT_RULES:
        for value in rule.values:
            add(_ALLOW, rule.syscall, _Comparison(rule.argument, _MASKED_EQ, rule.mask, value))
    with tempfile.TemporaryFile() as file:
        status = library.seccomp_export_bpf(context, file.fileno())
        library.seccomp_release(context)
        if status:
            raise ConfigurationError(f"libseccomp could not export the filter: {status}")
        file.seek(0)
        return file.read()


def _load_library() -> Any:
    name = ctypes.util.find_library("seccomp")
    if name is None:
        raise ConfigurationError("libseccomp is not installed", remedy="apt install libseccomp2")
    library = ctypes.CDLL(name)
    library.seccomp_init.restype = ctypes.c_void_p
    for function in ("arch_exist", "arch_add", "arch_remove"):
        getattr(library, f"seccomp_{function}").argtypes = (ctypes.c_void_p, ctypes.c_uint32)
    library.seccomp_attr_set.argtypes = (ctypes.c_void_p, ctypes.c_int, ctypes.c_uint32)
    library.seccomp_syscall_resolve_name_arch.argtypes = (ctypes.c_uint32, ctypes.c_char_p)
    library.seccomp_syscall_resolve_name.argtypes = (ctypes.c_char_p,)
    library.seccomp_rule_add_exact_array.argtypes = (
        ctypes.c_void_p,
        ctypes.c_uint32,
        ctypes.c_int,
        ctypes.c_uint,
        ctypes.c_void_p,
    )
    library.seccomp_export_bpf.argtypes = (ctypes.c_void_p, ctypes.c_int)
    library.seccomp_release.argtypes = (ctypes.c_void_p,)
    return library


def main() -> None:
    """Write the filters of all architectures into the guest's folder."""
    for architecture in ARCHITECTURES:
        (FILTER_FOLDER / f"{architecture}.bpf").write_bytes(build(architecture))


if __name__ == "__main__":
    main()
