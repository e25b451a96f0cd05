"""Kernels: inner products in a feature space that is never built.

A kernel function takes samples `X` (n, n_features) and `Z` (m, n_features), and returns the matrix
K with K[i, j] = k(X[i], Z[j]), shape (n, m); without `Z` that of the samples among themselves,
exactly symmetric. A float32 `X` gives a float32 matrix.

`gamma` scales what a kernel is a function of. The option "scale" is 1 / (n_features var(X)), the
variance taken over all entries of X: products and squared distances are then of the order of 1
whatever the unit of the features. It is a property of the *training* samples, so with a `Z`, which
may be either, only a number is accepted.

References
----------
Schoelkopf and Smola (2002), "Learning with Kernels", section 2.3; Cortes and Vapnik (1995),
"Support-vector networks", section 4; the names gamma, coef0 (r on the course's slides) and degree
(d) are LIBSVM's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, TypeAlias, get_args

import numpy as np
from numpy.typing import ArrayLike

from reference.arrays import Array, as_choice, as_count, as_float_array, as_number

__all__ = [
    "Kernel",
    "gamma_of_scale",
    "linear_kernel",
    "polynomial_kernel",
    "rbf_kernel",
    "sigmoid_kernel",
]

KernelName: TypeAlias = Literal["linear", "polynomial", "rbf", "sigmoid"]
Gamma: TypeAlias = float | Literal["scale"]
Precision: TypeAlias = type[np.floating[Any]]

_BLOCK = 2**17
"""Entries that go through all steps at once, so that they stay in the cache."""


def linear_kernel(X: ArrayLike, Z: ArrayLike | None = None) -> Array:
    """Return the inner products <x, z>.

    Parameters
    ----------
    X : array_like, shape (n, n_features)
    Z : array_like, shape (m, n_features), optional
        `X` if absent.

    Returns
    -------
    ndarray, shape (n, m)

    Raises
    ------
    ValueError
        If a shape does not fit, a number is not finite, or a product overflows.
    """
    return _finite(_inner_products(*_samples(X, Z)))


def polynomial_kernel(
    X: ArrayLike,
    Z: ArrayLike | None = None,
    *,
    gamma: Gamma = "scale",
    coef0: float = 0.0,
    degree: int = 3,
) -> Array:
    """Return (gamma <x, z> + coef0)^degree: all products of up to `degree` features.

    Parameters
    ----------
    X, Z
        As in `linear_kernel`.
    gamma : float or "scale", default "scale"
        Weight of the inner product, > 0.
    coef0 : float, default 0
        Weight of the products of fewer features, >= 0: below 0 the kernel is no inner product.
    degree : int, default 3
        At least 1.

    Returns
    -------
    ndarray, shape (n, m)

    Raises
    ------
    ValueError
        As `linear_kernel`; also if a parameter is out of its range.
    """
    X, Z = _samples(X, Z)
    kernel = _kernel("polynomial", X, Z, gamma, coef0, degree)
    return kernel(X, Z)


def rbf_kernel(X: ArrayLike, Z: ArrayLike | None = None, *, gamma: Gamma = "scale") -> Array:
    """Return exp(-gamma |x - z|^2), the radial basis function or Gaussian kernel.

    Parameters
    ----------
    X, Z
        As in `linear_kernel`.
    gamma : float or "scale", default "scale"
        1 / (2 sigma^2) of a Gaussian with standard deviation sigma, > 0.

    Returns
    -------
    ndarray, shape (n, m)
        Entries in [0, 1]; without `Z` the diagonal is exactly 1.

    Raises
    ------
    ValueError
        As `linear_kernel`; also if gamma <= 0.

    Notes
    -----
    |x - z|^2 = |x|^2 + |z|^2 - 2 <x, z> turns n m differences into one matrix product. It loses
    digits where the samples are much farther from the origin than from each other, so the mean is
    subtracted first, which no distance notices; what rounding leaves below 0 is made 0.
    """
    X, Z = _samples(X, Z)
    return _kernel("rbf", X, Z, gamma)(X, Z)


def sigmoid_kernel(
    X: ArrayLike, Z: ArrayLike | None = None, *, gamma: Gamma = "scale", coef0: float = 0.0
) -> Array:
    """Return tanh(gamma <x, z> + coef0).

    For most parameters this is no inner product: K has negative eigenvalues, the dual of a support
    vector machine is not concave, and a solver finds a stationary point.

    Parameters
    ----------
    X, Z
        As in `linear_kernel`.
    gamma : float or "scale", default "scale"
        Weight of the inner product, > 0.
    coef0 : float, default 0
        Of either sign.

    Returns
    -------
    ndarray, shape (n, m)
        Entries in [-1, 1].

    Raises
    ------
    ValueError
        As `linear_kernel`; also if gamma <= 0 or coef0 is not finite.
    """
    X, Z = _samples(X, Z)
    return _kernel("sigmoid", X, Z, gamma, coef0)(X, Z)


def gamma_of_scale(X: ArrayLike) -> float:
    """Return 1 / (n_features var(X)), what gamma="scale" stands for.

    Parameters
    ----------
    X : array_like, shape (n, n_features)

    Returns
    -------
    float
        1 where all entries are equal and have no scale.

    Raises
    ------
    ValueError
        If X is no matrix, is empty or is not finite.
    """
    X = as_float_array("X", X, shape=("n", "n_features"))
    variance = float(X.var(dtype=np.float64))
    return 1 / (X.shape[1] * variance) if variance > 0 else 1.0


@dataclass(frozen=True, slots=True)
class Kernel:
    """A kernel with its parameters: called with samples, it returns their kernel matrix.

    Attributes
    ----------
    name : {"linear", "polynomial", "rbf", "sigmoid"}
    gamma : float
    coef0 : float
    degree : int
        Parameters that the kernel does not have are ignored.
    """

    name: KernelName
    gamma: float = 1.0
    coef0: float = 0.0
    degree: int = 3

    def __post_init__(self) -> None:
        as_choice("kernel", self.name, get_args(KernelName))
        as_number("gamma", self.gamma, above=0.0)
        if self.name == "polynomial":
            as_number("coef0", self.coef0, least=0.0)
            as_count("degree", self.degree)
        else:
            as_number("coef0", self.coef0)

    @classmethod
    def for_samples(
        cls, name: KernelName, X: ArrayLike, *, gamma: Gamma, coef0: float, degree: int
    ) -> Kernel:
        """Return the kernel for the training samples `X`, with the number that "scale" means there.

        Raises
        ------
        ValueError
            If the name is unknown or a parameter out of its range.
        """
        as_choice("kernel", name, get_args(KernelName))
        if isinstance(gamma, str):
            as_choice("gamma", gamma, ("scale",))
            gamma = gamma_of_scale(X)
        return cls(name, gamma, coef0, degree)

    def __call__(
        self, X: ArrayLike, Z: ArrayLike | None = None, *, dtype: Precision | None = None
    ) -> Array:
        """Return K with K[i, j] = k(X[i], Z[j]).

        Parameters
        ----------
        X : array_like, shape (n, n_features)
        Z : array_like, shape (m, n_features), optional
            `X` if absent.
        dtype : type, optional
            Of the matrix and of the work: float32 takes half the time and memory of float64. That
            of `X` if absent.

        Returns
        -------
        ndarray, shape (n, m)

        Raises
        ------
        ValueError
            If a shape does not fit, a number is not finite, or an entry overflows.
        """
        X, Z = _samples(X, Z)
        dtype = X.dtype.type if dtype is None else dtype
        with np.errstate(over="ignore", invalid="ignore"):
            if self.name == "rbf":
                return _gaussians(X, Z, self.gamma, dtype)
            K = _inner_products(X.astype(dtype), None if Z is None else Z.astype(dtype))
            if self.name == "linear":
                return _finite(K)
            K *= self.gamma
            K += self.coef0
            if self.name == "sigmoid":
                return np.tanh(_finite(K), out=K)
            return _finite(K**self.degree)


def _kernel(
    name: KernelName,
    X: Array,
    Z: Array | None,
    gamma: Gamma,
    coef0: float = 0.0,
    degree: int = 3,
) -> Kernel:
    if Z is not None and gamma == "scale":
        raise ValueError(
            "gamma must be a number where Z is given, got 'scale': gamma_of_scale(X) of the "
            "training samples is one"
        )
    return Kernel.for_samples(name, X, gamma=gamma, coef0=coef0, degree=degree)


def _samples(X: ArrayLike, Z: ArrayLike | None) -> tuple[Array, Array | None]:
    X = as_float_array("X", X, shape=("n", "n_features"))
    if Z is None:
        return X, None
    return X, as_float_array("Z", Z, shape=("m", X.shape[1]))


def _inner_products(X: Array, Z: Array | None) -> Array:
    with np.errstate(over="ignore", invalid="ignore"):
        return X @ (X if Z is None else Z).T


def _gaussians(X: Array, Z: Array | None, gamma: float, dtype: Precision) -> Array:
    """-gamma |x - z|^2 is <x, z> - |x|^2 / 2 - |z|^2 / 2 for samples scaled by sqrt(2 gamma)."""
    mean = (X if Z is None else Z).mean(axis=0, dtype=np.float64)
    scale = np.sqrt(2 * gamma)
    left = ((X - mean) * scale).astype(dtype)
    right = left if Z is None else ((Z - mean) * scale).astype(dtype)
    left_halves = _finite((left * left).sum(axis=1) / 2)
    right_halves = _finite((right * right).sum(axis=1) / 2)
    K: Array = left @ right.T
    n_rows = max(1, _BLOCK // right_halves.size)
    for start in range(0, left_halves.size, n_rows):
        block = K[start : start + n_rows]
        # The sum of the halves first: it does not depend on the order of x and z, so K is symmetric
        # to the last digit.
        block -= left_halves[start : start + n_rows, np.newaxis] + right_halves
        np.minimum(block, 0, out=block)
        np.exp(block, out=block)
    if Z is None:
        np.fill_diagonal(K, 1)
    return K


def _finite(K: Array) -> Array:
    if not (np.isfinite(K.min()) and np.isfinite(K.max())):
        raise ValueError(
            f"X must be scaled so that the kernel is finite in {K.dtype}, got entries that overflow"
        )
    return K
