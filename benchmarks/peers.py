"""The gradient checkers of others, each with its own rule and its own tolerances.

All of them hold a program's gradient against numeric derivatives of the program's own forward
pass. What raises on the way is rejected, and so is a bug that takes too long: some never end.
"""

from __future__ import annotations

import importlib
import logging
import signal
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np

from benchmarks.passes import Floats, Passes

Peer: TypeAlias = Callable[[Passes], bool]
"""Whether it accepts the gradients of a case."""

_SCIPY_MOST = 1e-6


def find_peers() -> dict[str, Peer | None]:
    """Return every peer by name; None where it is not installed."""
    slow = fast = jax = scipy = None
    torch = _import("torch")
    if torch is not None:
        slow, fast = torch_gradcheck(torch, is_fast=False), torch_gradcheck(torch, is_fast=True)
    if _import("jax") is not None:
        jax = jax_check_grads()
    if _import("scipy") is not None:
        scipy = scipy_check_grad()
    return {
        "torch gradcheck, slow": slow,
        "torch gradcheck, fast": fast,
        "JAX check_grads": jax,
        "CS231n rel_error <= 1e-7": relative_error_below(1e-7),
        "CS231n rel_error <= 1e-5": relative_error_below(1e-5),
        "SciPy check_grad <= 1e-6": scipy,
    }


def accepts(peer: Peer, cases: Sequence[Passes], limit_s: float = 0.0) -> bool:
    """Whether a peer accepts the gradients of every case, in time where there is a limit."""
    previous = signal.signal(signal.SIGALRM, _give_up)
    signal.setitimer(signal.ITIMER_REAL, limit_s)
    try:
        return all(peer(passes) for passes in cases)
    except Exception:  # noqa: BLE001 - a student's program may raise anything
        return False
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0.0)
        signal.signal(signal.SIGALRM, previous)


def _give_up(_number: int, _frame: object) -> None:
    raise TimeoutError


def relative_error_below(most: float) -> Peer:
    """Return the rule of CS231n's notebooks."""
    return lambda passes: passes.relative_error <= most


def torch_gradcheck(torch: Any, *, is_fast: bool) -> Peer:
    """Return torch.autograd.gradcheck with its defaults, on a Function that calls the student."""

    def judge(passes: Passes) -> bool:
        def forward(context: Any, *tensors: Any) -> Any:
            context.save_for_backward(*tensors)
            return torch.from_numpy(passes.forward([t.detach().numpy() for t in tensors]))

        def backward(context: Any, upstream: Any) -> Any:
            point = [tensor.detach().numpy() for tensor in context.saved_tensors]
            claimed = passes.backward(point, upstream.detach().numpy())
            return tuple(map(torch.from_numpy, map(np.asarray, claimed)))

        student = type(
            "Student",
            (torch.autograd.Function,),
            {"forward": staticmethod(forward), "backward": staticmethod(backward)},
        )
        tensors = tuple(torch.from_numpy(x.copy()).requires_grad_() for x in passes.point)
        return bool(torch.autograd.gradcheck(student.apply, tensors, fast_mode=is_fast))  # type: ignore[attr-defined]

    return judge


def jax_check_grads() -> Peer:
    """Return jax.test_util.check_grads with its defaults in double precision."""
    jax: Any = importlib.import_module("jax")
    check_grads: Any = importlib.import_module("jax.test_util").check_grads
    settings: Mapping[str, object] = {
        "jax_enable_x64": True,
        # with it a callback may wait for the thread that waits for it
        "jax_cpu_enable_async_dispatch": False,
    }
    for name, value in settings.items():
        jax.config.update(name, value)
    # what a student's program raises is told once more here
    logging.getLogger("jax").setLevel(logging.CRITICAL)

    def judge(passes: Passes) -> bool:
        def value(*point: Any) -> Floats:
            return passes.forward([np.asarray(x) for x in point])

        def gradients(point: Sequence[Any], upstream: Any) -> tuple[Floats, ...]:
            claimed = passes.backward([np.asarray(x) for x in point], np.asarray(upstream))
            return tuple(map(_without_leading_ones, claimed, passes.point))

        result = jax.ShapeDtypeStruct(passes.forward(passes.point).shape, np.float64)
        shapes = tuple(jax.ShapeDtypeStruct(x.shape, np.float64) for x in passes.point)
        student = jax.custom_vjp(lambda *point: jax.pure_callback(value, result, *point))
        student.defvjp(
            lambda *point: (student(*point), point),
            lambda point, upstream: jax.pure_callback(gradients, shapes, point, upstream),
        )
        check_grads(student, tuple(passes.point), order=1, modes=("rev",))
        return True

    return judge


def scipy_check_grad() -> Peer:
    """Return scipy.optimize.check_grad on all inputs as one vector, its norm held to 1e-6."""
    check_grad: Any = importlib.import_module("scipy.optimize").check_grad

    def judge(passes: Passes) -> bool:
        ends = np.cumsum([x.size for x in passes.point])[:-1]

        def unflatten(flat: Floats) -> list[Floats]:
            pieces = zip(np.split(flat, ends), passes.point, strict=True)
            return [piece.reshape(x.shape) for piece, x in pieces]

        def gradient(flat: Floats) -> Floats:
            claimed = passes.backward(unflatten(flat), passes.weights)
            return np.concatenate([np.ravel(one) for one in claimed])

        start = np.concatenate([x.ravel() for x in passes.point])
        distance = check_grad(lambda flat: passes.height(unflatten(flat)), gradient, start)
        return bool(distance <= _SCIPY_MOST)

    return judge


def _without_leading_ones(array: Floats, like: Floats) -> Floats:
    """Return a (1, D) in the shape (D,), which the other checkers take for the same."""
    is_alike = array.size == like.size and array.shape[-like.ndim or array.ndim :] == like.shape
    return array.reshape(like.shape) if is_alike else array


def _import(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError:
        return None
