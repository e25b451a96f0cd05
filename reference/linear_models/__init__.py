"""Linear models: regression, the perceptron, Adaline, logistic regression, one-versus-all."""

from reference.linear_models.adaline import AdalineFit, adaline_loss, fit_adaline, widrow_hoff_step
from reference.linear_models.affine import AffineModel
from reference.linear_models.least_squares import (
    LeastSquaresFit,
    fit_least_squares,
    solve_normal_equations,
)
from reference.linear_models.logistic import LogisticFit, fit_logistic_descent, fit_logistic_newton
from reference.linear_models.logistic_objective import logistic_hessian, logistic_loss
from reference.linear_models.one_versus_all import BinaryScorer, OneVersusAll
from reference.linear_models.perceptron import (
    Perceptron,
    PerceptronFit,
    ThreePerceptrons,
    design_xor,
    fit_perceptron,
    novikoff_bound,
)

__all__ = [
    "AdalineFit",
    "AffineModel",
    "BinaryScorer",
    "LeastSquaresFit",
    "LogisticFit",
    "OneVersusAll",
    "Perceptron",
    "PerceptronFit",
    "ThreePerceptrons",
    "adaline_loss",
    "design_xor",
    "fit_adaline",
    "fit_least_squares",
    "fit_logistic_descent",
    "fit_logistic_newton",
    "fit_perceptron",
    "logistic_hessian",
    "logistic_loss",
    "novikoff_bound",
    "solve_normal_equations",
    "widrow_hoff_step",
]
