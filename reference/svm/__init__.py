"""Support vector machines: solvers of the primal and of the dual, and certificates for both."""

from reference.svm.certificates import (
    svm_best_bias,
    svm_dual_objective,
    svm_duality_gap,
    svm_kkt_violation,
    svm_linear_duality_gap,
    svm_primal_objective,
)
from reference.svm.dual_smo import smo
from reference.svm.dual_smo_fast import smo_fast
from reference.svm.hinge import PrimalSolution, linear_svm_objective, linear_svm_subgradient
from reference.svm.interior_point import linear_svm_interior_point
from reference.svm.machine import SupportVectorMachine
from reference.svm.multiclass import Duel, duels, winners
from reference.svm.solution import DualSolution
from reference.svm.squared_hinge import squared_hinge_newton
from reference.svm.subgradient import pegasos, subgradient_descent
from reference.svm.svc import SVC, LinearSVC

__all__ = [
    "SVC",
    "DualSolution",
    "Duel",
    "LinearSVC",
    "PrimalSolution",
    "SupportVectorMachine",
    "duels",
    "linear_svm_interior_point",
    "linear_svm_objective",
    "linear_svm_subgradient",
    "pegasos",
    "smo",
    "smo_fast",
    "squared_hinge_newton",
    "subgradient_descent",
    "svm_best_bias",
    "svm_dual_objective",
    "svm_duality_gap",
    "svm_kkt_violation",
    "svm_linear_duality_gap",
    "svm_primal_objective",
    "winners",
]
