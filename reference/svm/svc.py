"""Support vector classifiers with fit and predict: `SVC` with kernels, `LinearSVC` without."""

from __future__ import annotations

from typing import Self, get_args

from numpy.typing import ArrayLike

from reference.arrays import Array, as_choice, as_count, as_number
from reference.kernels import Gamma, Kernel, KernelName
from reference.svm.hinge import PrimalSolution
from reference.svm.machine import SupportVectorMachine, train_machine
from reference.svm.multiclass import MarginClassifier, Scheme
from reference.svm.squared_hinge import squared_hinge_newton


class SVC(MarginClassifier[SupportVectorMachine]):
    """Classifier by support vector machines with a kernel and the hinge loss.

    Parameters
    ----------
    C : float, default 1
        Weight of the sum of the hinge losses, > 0.
    kernel : {"rbf", "linear", "polynomial", "sigmoid"}, default "rbf"
    gamma : float or "scale", default "scale"
        As in `reference.kernels`, from all samples that `fit` gets.
    coef0, degree
        As in `reference.kernels`.
    tolerance : float, default 1e-3
        Of `smo`. The linear kernel has a solver of its own, `linear_svm_interior_point`, which goes
        to a relative duality gap of 1e-8, or of the tolerance if that is less.
    multiclass : {"one-versus-one", "one-versus-rest"}, default "one-versus-one"
        What is made of more than two classes, see `duels` and `winners`.
    max_iterations : int, default 1 000 000
        Steps of `smo` for each machine.

    Attributes
    ----------
    classes, duels
        As in `MarginClassifier`.
    machines : tuple of SupportVectorMachine
        One for each duel, with support vectors, dual variables, slacks, margin and certificates.
    machine : SupportVectorMachine
        The only one, with two classes.
    trained_kernel : Kernel
        With the number that gamma="scale" came to.

    Raises
    ------
    ValueError
        If a parameter is out of its range or a name is unknown.

    References
    ----------
    Cortes and Vapnik (1995), "Support-vector networks"; Chang and Lin (2011), "LIBSVM: a library
    for support vector machines".
    """

    def __init__(
        self,
        C: float = 1.0,
        *,
        kernel: KernelName = "rbf",
        gamma: Gamma = "scale",
        coef0: float = 0.0,
        degree: int = 3,
        tolerance: float = 1e-3,
        multiclass: Scheme = "one-versus-one",
        max_iterations: int = 1_000_000,
    ) -> None:
        super().__init__(multiclass)
        self.C = as_number("C", C, above=0.0)
        as_choice("kernel", kernel, get_args(KernelName))
        self.kernel: KernelName = kernel
        self.gamma: Gamma = gamma
        self.coef0 = coef0
        self.degree = degree
        self.tolerance = as_number("tolerance", tolerance, above=0.0)
        self.max_iterations = as_count("max_iterations", max_iterations)
        # Any sample will do to have the parameters of the kernel checked here and not in `fit`.
        self.trained_kernel = self._kernel_for([[1.0]])

    def fit(self, X: ArrayLike, y: ArrayLike) -> Self:
        """Train a machine for each duel, see `MarginClassifier.fit`."""
        self.trained_kernel = self._kernel_for(X)
        return super().fit(X, y)

    @property
    def machine(self) -> SupportVectorMachine:
        """The machine of two classes.

        Raises
        ------
        ValueError
            If there are more, or there has been no fit.
        """
        if len(self.machines) != 1:
            raise ValueError(
                f"machine must be the only one, got {len(self.machines)}: see machines"
            )
        return self.machines[0]

    def _kernel_for(self, X: ArrayLike) -> Kernel:
        return Kernel.for_samples(
            self.kernel, X, gamma=self.gamma, coef0=self.coef0, degree=self.degree
        )

    def _train(self, X: Array, y: Array) -> SupportVectorMachine:
        return train_machine(
            X,
            y,
            self.C,
            self.trained_kernel,
            tolerance=self.tolerance,
            max_iterations=self.max_iterations,
        )


class LinearSVC(MarginClassifier[PrimalSolution]):
    """Classifier by linear support vector machines with the squared hinge loss.

    Parameters
    ----------
    C : float, default 1
        Weight of the sum of the squared hinge losses, > 0.
    is_bias_regularised : bool, default False
        Add b^2 / 2 to the objective, as LIBLINEAR does.
    tolerance : float, default 1e-9
        Relative duality gap, > 0.
    multiclass : {"one-versus-rest", "one-versus-one"}, default "one-versus-rest"
        What is made of more than two classes, see `duels` and `winners`.
    max_iterations : int, default 100
        Newton steps for each machine.

    Attributes
    ----------
    classes, duels
        As in `MarginClassifier`.
    machines : tuple of PrimalSolution
        One for each duel, with w, b and the certificate.

    Raises
    ------
    ValueError
        If a parameter is out of its range or a name is unknown.

    References
    ----------
    Fan, Chang, Hsieh, Wang and Lin (2008), "LIBLINEAR: a library for large linear classification".
    """

    def __init__(
        self,
        C: float = 1.0,
        *,
        is_bias_regularised: bool = False,
        tolerance: float = 1e-9,
        multiclass: Scheme = "one-versus-rest",
        max_iterations: int = 100,
    ) -> None:
        super().__init__(multiclass)
        self.C = as_number("C", C, above=0.0)
        self.is_bias_regularised = is_bias_regularised
        self.tolerance = as_number("tolerance", tolerance, above=0.0)
        self.max_iterations = as_count("max_iterations", max_iterations)

    def _train(self, X: Array, y: Array) -> PrimalSolution:
        return squared_hinge_newton(
            X,
            y,
            self.C,
            is_bias_regularised=self.is_bias_regularised,
            tolerance=self.tolerance,
            max_iterations=self.max_iterations,
        )
