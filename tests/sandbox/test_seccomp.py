"""The shipped filters do what the table says, instruction by instruction, on both architectures.

The filters are run here by an interpreter of classic BPF: nobody has to own an arm64 machine, and
libseccomp is not asked whether libseccomp was right. The numbers of the system calls come from
the kernel's headers.
"""

from __future__ import annotations

import ctypes.util
import errno
import json
import struct
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.sandbox import seccomp_build, seccomp_table
from grader.sandbox.seccomp_build import ARCHITECTURES, FILTER_FOLDER

NUMBERS: dict[str, dict[str, int]] = json.loads(
    Path(__file__).with_name("syscall_numbers.json").read_text()
)
ALLOW, KILL_PROCESS = 0x7FFF_0000, 0x8000_0000
X32 = 0x4000_0000
NEVER = (
    "socket socketpair kill tkill tgkill execve execveat openat2 symlinkat linkat mknodat fchmodat"
    " setuid setresuid capset prctl seccomp landlock_restrict_self shmget shmat msgget mq_open"
    " memfd_create memfd_secret timer_create flock setrlimit pidfd_open pidfd_send_signal"
    " process_madvise mlock truncate copy_file_range splice vmsplice sendfile setsid setpgid"
    " rt_sigqueueinfo rt_tgsigqueueinfo wait4 inotify_init1 setxattr sethostname"
)


def refusal(code: int) -> int:
    return 0x0005_0000 | code


@cache
def instructions(architecture: str) -> tuple[tuple[int, int, int, int], ...]:
    raw = (FILTER_FOLDER / f"{architecture}.bpf").read_bytes()
    return tuple(struct.iter_unpack("<HBBI", raw))


def run_filter(
    architecture: str, number: int, arguments: Sequence[int] = (), token: int | None = None
) -> int:
    """Return what the kernel would do: `struct seccomp_data` through classic BPF."""
    padded = (*arguments, *[0] * 6)[:6]
    token = ARCHITECTURES[architecture] if token is None else token
    seen = struct.pack("<iIQ6Q", ctypes.c_int(number).value, token, 0, *padded)
    program = instructions(architecture)
    accumulator, at = 0, 0
    while True:
        code, if_true, if_false, k = program[at]
        at += 1
        match code:
            case 0x20:  # BPF_LD | BPF_W | BPF_ABS
                (accumulator,) = struct.unpack_from("<I", seen, k)
            case 0x54:  # BPF_ALU | BPF_AND | BPF_K
                accumulator &= k
            case 0x05:  # BPF_JMP | BPF_JA
                at += k
            case 0x15:  # BPF_JMP | BPF_JEQ | BPF_K
                at += if_true if accumulator == k else if_false
            case 0x25:  # BPF_JMP | BPF_JGT | BPF_K
                at += if_true if accumulator > k else if_false
            case 0x35:  # BPF_JMP | BPF_JGE | BPF_K
                at += if_true if accumulator >= k else if_false
            case 0x06:  # BPF_RET | BPF_K
                return k
            case _:
                raise AssertionError(f"an instruction this interpreter does not know: {code:#x}")


@pytest.fixture(params=sorted(ARCHITECTURES))
def architecture(request) -> str:
    return str(request.param)


@pytest.fixture
def decide(architecture: str) -> Callable[..., int]:
    """A function that says what the filter decides for a system call, by its name."""

    def run(name: str, *arguments: int) -> int:
        return run_filter(architecture, NUMBERS[architecture][name], arguments)

    return run


def known(architecture: str, names: Sequence[str]) -> list[str]:
    return [name for name in names if name in NUMBERS[architecture]]


def test_the_shipped_bytes_are_what_the_table_compiles_to(architecture, require):
    require(ctypes.util.find_library("seccomp"), "libseccomp is not installed")
    shipped = (FILTER_FOLDER / f"{architecture}.bpf").read_bytes()
    assert seccomp_build.build(architecture) == shipped


def test_every_name_of_the_table_is_a_system_call_of_one_architecture():
    names = [
        *seccomp_table.names(seccomp_table.ALLOWED),
        *seccomp_table.names(seccomp_table.KILLED),
    ]
    nowhere = [name for name in names if not any(name in one for one in NUMBERS.values())]
    assert ["vm86"] == nowhere  # of i386 alone


def test_no_system_call_stands_in_two_tables():
    names = [
        *seccomp_table.names(seccomp_table.ALLOWED),
        *seccomp_table.names(seccomp_table.KILLED),
        *(name for names in seccomp_table.REFUSED.values() for name in names.split()),
        *{rule.syscall for rule in seccomp_table.ARGUMENT_RULES},
    ]
    assert len(set(names)) == len(names)


def test_an_allowed_call_is_allowed_whatever_its_arguments(architecture, decide):
    for name in known(architecture, seccomp_table.names(seccomp_table.ALLOWED)):
        for argument in (0, 1, 2**32 - 1, 2**64 - 1):
            assert (name, ALLOW) == (name, decide(name, *[argument] * 6))


def test_what_only_an_attack_needs_ends_the_process(architecture, decide):
    for name in known(architecture, seccomp_table.names(seccomp_table.KILLED)):
        assert (name, KILL_PROCESS) == (name, decide(name))


def test_new_processes_are_refused_in_the_way_that_libraries_understand(architecture, decide):
    assert refusal(errno.ENOSYS) == decide("clone3")
    for name in known(architecture, ("clone", "fork", "vfork")):
        assert refusal(errno.EAGAIN) == decide(name)


def test_what_is_not_listed_gets_eperm(architecture, decide):
    for name in known(architecture, NEVER.split()):
        assert (name, refusal(errno.EPERM)) == (name, decide(name))


@given(st.data())
def test_a_number_that_the_table_does_not_name_gets_eperm(data):
    architecture = data.draw(st.sampled_from(sorted(ARCHITECTURES)))
    listed = {number for name, number in NUMBERS[architecture].items() if name not in NEVER.split()}
    number = data.draw(st.integers(0, X32 - 1).filter(lambda one: one not in listed))
    arguments = data.draw(st.lists(st.integers(0, 2**64 - 1), max_size=6))
    assert refusal(errno.EPERM) == run_filter(architecture, number, arguments)


@pytest.mark.parametrize("token", [0x4000_0003, 0xC000_0015, 0x4000_0028, 0])
def test_a_call_of_another_architecture_kills(architecture, token):
    for number in (1, 4, 63, 231):
        assert KILL_PROCESS == run_filter(architecture, number, token=token)
    other = next(one for one in ARCHITECTURES.values() if one != ARCHITECTURES[architecture])
    assert KILL_PROCESS == run_filter(architecture, 1, token=other)


def test_the_x32_numbers_of_x86_64_kill():
    for number in (0, 1, 59, 231, 547):
        assert KILL_PROCESS == run_filter("x86_64", X32 | number)


TRUNCATE, READ_ONLY, WRITE_ONLY, READ_WRITE, CREATE = 0o1000, 0o0, 0o1, 0o2, 0o100


@pytest.mark.parametrize(
    ("flags", "is_allowed"),
    [
        (READ_ONLY, True),
        (WRITE_ONLY | CREATE, True),
        (READ_WRITE, True),
        (WRITE_ONLY | TRUNCATE, True),
        (READ_WRITE | TRUNCATE | CREATE, True),
        (READ_ONLY | TRUNCATE, False),
        (3 | TRUNCATE, False),
    ],
)
def test_a_file_is_emptied_only_by_opening_it_to_write(decide, flags, is_allowed):
    expected = ALLOW if is_allowed else refusal(errno.EPERM)
    assert expected == decide("openat", 0, 0, flags)


F_GETLK, F_SETLK, F_SETLKW, F_SETOWN, F_SETSIG, F_OFD_SETLK, F_NOTIFY = 5, 6, 7, 8, 10, 37, 1026
MADV_FREE, MADV_HWPOISON, MADV_MERGEABLE, MADV_DONTNEED = 8, 100, 12, 4
TIOCSTI, TCGETS, FIONREAD, TIOCLINUX = 0x5412, 0x5401, 0x541B, 0x541C


@pytest.mark.parametrize(
    ("name", "arguments", "is_allowed"),
    [
        ("fcntl", (0, 1), True),
        ("fcntl", (0, 1030), True),
        *(("fcntl", (0, command), False) for command in (F_GETLK, F_SETLK, F_SETLKW)),
        *(
            ("fcntl", (0, command), False)
            for command in (F_SETOWN, F_SETSIG, F_OFD_SETLK, F_NOTIFY)
        ),
        ("madvise", (0, 0, MADV_DONTNEED), True),
        ("madvise", (0, 0, MADV_FREE), True),
        ("madvise", (0, 0, MADV_MERGEABLE), False),
        ("madvise", (0, 0, MADV_HWPOISON), False),
        ("ioctl", (0, TCGETS), True),
        ("ioctl", (0, FIONREAD), True),
        ("ioctl", (0, TIOCSTI), False),
        ("ioctl", (0, TIOCLINUX), False),
        # The kernel takes the command as 32 bits, so what stands above them must not matter.
        ("ioctl", (0, 1 << 32 | TIOCSTI), False),
        ("ioctl", (0, 1 << 32 | TCGETS), True),
        ("prlimit64", (0, 7, 0), True),
        ("prlimit64", (0, 7, 1), False),
        ("prlimit64", (0, 7, 1 << 32), False),
        ("prlimit64", (1, 7, 2**64 - 1), False),
    ],
)
def test_a_rule_on_an_argument_holds_on_both_sides(decide, name, arguments, is_allowed):
    expected = ALLOW if is_allowed else refusal(errno.EPERM)
    assert expected == decide(name, *arguments)


def test_every_value_of_every_argument_rule_is_allowed_and_its_neighbours_are_judged(decide):
    for rule in seccomp_table.ARGUMENT_RULES:
        for value in rule.values:
            before = [0] * rule.argument
            assert (rule, ALLOW) == (rule, decide(rule.syscall, *before, value))


@given(st.sampled_from(sorted(ARCHITECTURES)), st.integers(0, 2**64 - 1), st.data())
def test_a_rule_allows_exactly_what_its_mask_and_values_say(architecture, argument, data):
    rule = data.draw(st.sampled_from(seccomp_table.ARGUMENT_RULES))
    number = NUMBERS[architecture][rule.syscall]
    siblings = [one for one in seccomp_table.ARGUMENT_RULES if one.syscall == rule.syscall]
    is_allowed = any(argument & one.mask in one.values for one in siblings)
    decided = run_filter(architecture, number, [*[0] * rule.argument, argument])
    assert (ALLOW if is_allowed else refusal(errno.EPERM)) == decided


def test_the_filter_has_no_jump_beyond_its_end(architecture):
    program = instructions(architecture)
    for at, (code, if_true, if_false, k) in enumerate(program):
        if code & 0x07 == 0x05:
            furthest = k if code == 0x05 else max(if_true, if_false)
            assert at + 1 + furthest < len(program)
    assert 0x06 == program[-1][0]
    assert 4096 > len(program)
