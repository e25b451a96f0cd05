"""Classifiers: what a trained machine says about itself, and more than two classes."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reference.convergence import ConvergenceWarning
from reference.kernels import gamma_of_scale, rbf_kernel
from reference.svm.certificates import (
    svm_dual_objective,
    svm_duality_gap,
    svm_kkt_violation,
    svm_linear_duality_gap,
)
from reference.svm.dual_smo import smo
from reference.svm.hinge import linear_svm_objective
from reference.svm.multiclass import Duel, duels, winners
from reference.svm.svc import SVC, LinearSVC
from tests.reference.worked import worked_example

LECTURE = worked_example("svm-2pt")
seeds = st.integers(0, 2**32 - 1)
models = pytest.mark.parametrize("make", [SVC, LinearSVC])


def clouds(rng, n_classes=3, n=20, spread=0.5):
    """Samples around the corners of a polygon, and the number of the corner."""
    corner = np.arange(n_classes).repeat(n)
    angle = 2 * np.pi * corner / n_classes
    X = 2 * np.column_stack((np.cos(angle), np.sin(angle)))
    return X + spread * rng.normal(size=X.shape), corner


@pytest.mark.parametrize(("C", "values"), [(1.0, LECTURE), (0.1, LECTURE["C_small"])])
def test_two_points_of_the_lecture(C, values):
    X, y = np.array(LECTURE["X"]), np.array(LECTURE["y"])
    machine = SVC(C, kernel="linear", tolerance=1e-14).fit(X, y).machine
    np.testing.assert_allclose(values["w"], machine.w, rtol=1e-12)
    np.testing.assert_allclose(values["alpha"] * y, machine.dual_coef, rtol=1e-12)
    np.testing.assert_array_equal([0, 1], machine.support)
    np.testing.assert_allclose(values.get("slack", [0, 0]), machine.slack, atol=1e-12)
    assert machine.b == pytest.approx(0, abs=1e-12)
    dual = svm_dual_objective(X @ X.T, y, machine.solution.alpha)
    assert values["dual"] == pytest.approx(dual, rel=1e-12)
    primal = linear_svm_objective(X, y, C, machine.w, machine.b)
    assert values["primal"] == pytest.approx(primal, rel=1e-12)


def test_the_margin_of_two_points_is_their_distance():
    machine = SVC(kernel="linear", tolerance=1e-14).fit(LECTURE["X"], LECTURE["y"]).machine
    assert LECTURE["margin_width"] == pytest.approx(machine.margin, rel=1e-12)
    np.testing.assert_allclose([1, -1], machine.decision_function(LECTURE["X"]), rtol=1e-12)


def test_a_machine_of_equal_samples_has_no_margin_to_speak_of():
    model = SVC(kernel="linear").fit([[1.0], [1.0]], [0, 1])
    assert math.inf == model.machine.margin


def test_samples_outside_the_margin_are_no_support_vectors():
    X = [[-3.0], [-1.0], [1.0], [3.0]]
    machine = SVC(10.0, kernel="linear").fit(X, ["no", "no", "yes", "yes"]).machine
    np.testing.assert_array_equal([1, 2], machine.support)
    np.testing.assert_array_equal([[-1.0], [1.0]], machine.support_vectors)
    np.testing.assert_allclose([1.0], machine.w, rtol=1e-8)


def test_the_slack_of_a_sample_is_what_it_lacks_of_the_margin():
    X, corner = clouds(np.random.default_rng(0), n_classes=2, spread=2.0)
    model = SVC(gamma=0.5).fit(X, corner)
    signs = np.where(corner == 1, 1, -1)
    lacking = np.maximum(0, 1 - signs * model.decision_function(X))
    np.testing.assert_allclose(lacking, model.machine.slack, atol=1e-12)
    assert (model.machine.slack > 1).sum() == (model.predict(X) != corner).sum()


@given(seed=seeds, C=st.sampled_from([0.1, 1.0, 30.0]))
@settings(max_examples=15, deadline=None)
def test_a_fitted_model_carries_its_certificates(seed, C):
    X, corner = clouds(np.random.default_rng(seed), n_classes=2, spread=1.5)
    y = np.where(corner == 1, 1.0, -1.0)
    solution = SVC(C).fit(X, corner).machine.solution
    K = rbf_kernel(X)
    assert solution.has_converged
    assert 2 * solution.kkt_violation <= 1e-3
    violation = svm_kkt_violation(K, y, C, solution.alpha)
    assert violation == pytest.approx(solution.kkt_violation, abs=1e-9)
    assert svm_duality_gap(K, y, C, solution.alpha) == pytest.approx(solution.duality_gap, abs=1e-9)
    linear = SVC(C, kernel="linear").fit(X, corner).machine.solution
    assert svm_linear_duality_gap(X, y, C, linear.alpha) <= 1.1e-8


def test_the_norm_of_w_is_that_of_the_feature_space():
    X, corner = clouds(np.random.default_rng(1), n_classes=2)
    machine = SVC().fit(X, corner).machine
    K = rbf_kernel(machine.support_vectors, gamma=machine.kernel.gamma)
    expected = machine.dual_coef @ K @ machine.dual_coef
    assert expected == pytest.approx(machine.squared_norm, rel=1e-10)
    linear = SVC(kernel="linear").fit(X, corner).machine
    assert linear.w @ linear.w == pytest.approx(linear.squared_norm, rel=1e-10)


def test_a_linear_kernel_needs_only_w_and_b():
    """The lecture's self test: the trained parameters of a linear machine are w and b."""
    X, corner = clouds(np.random.default_rng(2), n_classes=2)
    model = SVC(kernel="linear").fit(X, corner)
    kernel_form = X @ model.machine.support_vectors.T @ model.machine.dual_coef + model.machine.b
    np.testing.assert_allclose(kernel_form, model.decision_function(X), rtol=1e-9)
    np.testing.assert_allclose(
        X @ model.machine.w + model.machine.b, model.decision_function(X), rtol=1e-12
    )


def test_only_a_linear_machine_has_weights_of_features():
    X, corner = clouds(np.random.default_rng(2), n_classes=2)
    with pytest.raises(ValueError, match=r"kernel must be linear for w .* got rbf"):
        _ = SVC().fit(X, corner).machine.w


def test_a_linear_kernel_is_a_polynomial_of_degree_one():
    X, corner = clouds(np.random.default_rng(3), n_classes=2, spread=1.5)
    linear = SVC(kernel="linear").fit(X, corner)
    polynomial = SVC(kernel="polynomial", degree=1, gamma=1.0, tolerance=1e-8).fit(X, corner)
    np.testing.assert_allclose(
        linear.decision_function(X), polynomial.decision_function(X), atol=1e-4
    )


def test_gamma_is_that_of_the_training_samples():
    X, corner = clouds(np.random.default_rng(4))
    model = SVC().fit(X, corner)
    assert gamma_of_scale(X) == model.trained_kernel.gamma
    assert {gamma_of_scale(X)} == {machine.kernel.gamma for machine in model.machines}
    np.testing.assert_allclose(
        model.decision_function(X)[:3], model.decision_function(X[:3]), rtol=1e-12
    )


@models
@pytest.mark.parametrize(
    "names", [["ham", "spam", "eggs"], [7, -1, 3], [0.5, 1.5, 2.5], [b"a", b"b", b"c"]]
)
def test_labels_of_any_kind_come_back(make, names):
    X, corner = clouds(np.random.default_rng(5))
    y = np.array(names)[corner]
    model = make(100.0).fit(X, y)
    np.testing.assert_array_equal(np.sort(names), model.classes)
    np.testing.assert_array_equal(y, model.predict(X))
    assert 1.0 == model.score(X, y)


def test_two_truth_values_are_two_classes():
    X, corner = clouds(np.random.default_rng(5), n_classes=2)
    np.testing.assert_array_equal(corner == 1, SVC().fit(X, corner == 1).predict(X))


@models
def test_a_score_of_at_least_zero_speaks_for_the_later_of_two_classes(make):
    X, corner = clouds(np.random.default_rng(6), n_classes=2, spread=2.0)
    model = make().fit(X, corner)
    scores = model.decision_function(X)
    assert (40,) == scores.shape
    np.testing.assert_array_equal((scores >= 0).astype(int), model.predict(X))


@models
@pytest.mark.parametrize(
    ("multiclass", "n_machines"), [("one-versus-one", 6), ("one-versus-rest", 4)]
)
def test_four_classes_are_told_apart(make, multiclass, n_machines):
    X, corner = clouds(np.random.default_rng(7), n_classes=4)
    model = make(10.0, multiclass=multiclass).fit(X, corner)
    assert (80, n_machines) == model.decision_function(X).shape
    assert n_machines == len(model.machines)
    assert model.score(X, corner) > 0.97


def test_each_machine_of_a_duel_sees_only_its_two_classes():
    X, corner = clouds(np.random.default_rng(8))
    model = SVC(gamma=0.5, tolerance=1e-8).fit(X, corner)
    for duel, machine in zip(model.duels, model.machines, strict=True):
        takes_part = (corner == duel.positive) | (corner == duel.negative)
        y = np.where(corner[takes_part] == duel.positive, 1.0, -1.0)
        expected = smo(rbf_kernel(X[takes_part], gamma=0.5), y, 1.0, tolerance=1e-8)
        np.testing.assert_allclose(machine.solution.alpha, expected.alpha, atol=1e-6)


def test_duels_of_three_classes():
    assert (Duel(1, 0), Duel(2, 0), Duel(2, 1)) == duels(3, "one-versus-one")
    assert (Duel(0, None), Duel(1, None), Duel(2, None)) == duels(3, "one-versus-rest")


def test_two_classes_need_one_duel_whichever_the_scheme():
    assert duels(2, "one-versus-one") == duels(2, "one-versus-rest") == (Duel(1, 0),)


def test_the_class_with_most_votes_wins_and_of_equals_the_first():
    fought = duels(3, "one-versus-one")
    scores = np.array([[1.0, 1.0, -1.0], [-1.0, 1.0, 1.0], [-1.0, 1.0, -1.0], [0.0, -1.0, -1.0]])
    # Votes: 1 twice; 2 twice; each once; 1 twice, as 0 is a vote for the positive class.
    np.testing.assert_array_equal([1, 2, 0, 1], winners(scores, fought, 3))


def test_the_largest_score_against_the_rest_wins_and_of_equals_the_first():
    fought = duels(3, "one-versus-rest")
    scores = np.array([[-3.0, -1.0, -2.0], [5.0, 1.0, 6.0], [2.0, 2.0, 2.0]])
    np.testing.assert_array_equal([1, 2, 0], winners(scores, fought, 3))


def test_there_is_no_single_machine_of_three_classes():
    X, corner = clouds(np.random.default_rng(9))
    model = SVC().fit(X, corner)
    with pytest.raises(ValueError, match="machine must be the only one, got 3"):
        _ = model.machine


@models
def test_a_fit_returns_the_model_and_forgets_the_one_before(make):
    X, corner = clouds(np.random.default_rng(9))
    model = make()
    assert model is model.fit(X, corner)
    model.fit(X[:40], corner[:40])
    assert (40,) == model.decision_function(X[:40]).shape
    np.testing.assert_array_equal([0, 1], model.classes)


def test_a_model_that_did_not_converge_says_so():
    X, corner = clouds(np.random.default_rng(9), n_classes=2, spread=2.0)
    with pytest.warns(ConvergenceWarning, match="SVC has not converged: after 2 iterations"):
        model = SVC(max_iterations=2).fit(X, corner)
    assert not model.machine.solution.has_converged


@models
@pytest.mark.parametrize(
    ("X", "y", "message"),
    [
        ([[1.0], [2.0]], [0, 0], r"y must hold at least two classes, got only 0"),
        ([[1.0], [2.0]], ["a", "a"], r"y must hold at least two classes, got only a"),
        ([[1.0], [2.0]], [0], "y must have one label for each row of X, 2, got 1"),
        ([[1.0], [2.0]], [[0], [1]], r"y must be a vector of shape .* got shape \(2, 1\)"),
        ([[1.0], [2.0]], [0.0, np.nan], r"y must be finite"),
        ([[1.0], [2.0]], [None, "a"], "y must hold numbers or words, got dtype object"),
        ([[1.0], [np.nan]], [0, 1], r"X must be finite"),
        ([1.0, 2.0], [0, 1], r"X must be a matrix of shape \(n, n_features\)"),
        (np.empty((0, 1)), [], r"X must be .* \(empty\)"),
    ],
)
def test_samples_that_make_no_problem_are_refused(make, X, y, message):
    with pytest.raises(ValueError, match=message):
        make().fit(X, y)


@models
def test_a_question_that_makes_no_sense_is_refused(make):
    with pytest.raises(ValueError, match="must be fitted first: call fit"):
        make().predict([[1.0]])
    model = make().fit([[1.0], [2.0]], [0, 1])
    with pytest.raises(ValueError, match=r"X must be a matrix of shape \(n, 1\), got .*\(1, 2\)"):
        model.predict([[1.0, 2.0]])
    with pytest.raises(
        ValueError, match="y_predicted must have one label for each of the 2 of y_true, got 1"
    ):
        model.score([[1.0]], [0, 1])


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"C": 0.0}, r"C must be greater than 0, got 0"),
        ({"C": -1.0}, r"C must be greater than 0, got -1"),
        ({"kernel": "cubic"}, r"kernel must be one of .*, got 'cubic'"),
        ({"gamma": 0.0}, r"gamma must be greater than 0, got 0"),
        ({"gamma": "auto"}, r"gamma must be one of scale, got 'auto'"),
        ({"kernel": "polynomial", "degree": 0}, r"degree must be at least 1, got 0"),
        ({"kernel": "sigmoid", "coef0": np.nan}, r"coef0 must be finite"),
        ({"tolerance": 0.0}, r"tolerance must be greater than 0, got 0"),
        ({"max_iterations": 0}, r"max_iterations must be at least 1, got 0"),
        ({"multiclass": "ecoc"}, r"multiclass must be one of .*, got 'ecoc'"),
    ],
)
def test_a_parameter_out_of_its_range_is_refused(parameters, message):
    with pytest.raises(ValueError, match=message):
        SVC(**parameters)
    if parameters.keys() <= {"C", "tolerance", "max_iterations", "multiclass"}:
        with pytest.raises(ValueError, match=message):
            LinearSVC(**parameters)
