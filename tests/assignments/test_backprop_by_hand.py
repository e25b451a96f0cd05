"""The numbers in the handout of backprop-by-hand are the reference's, and the slides' slips are."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from docs.figures import backprop_by_hand as figures
from reference import count_parameters, count_weights, sigmoid
from tests.reference.worked import worked_example

FOLDER = Path(__file__).parents[2] / "assignments" / "backprop-by-hand"
HANDOUT = (FOLDER / "README.md").read_text(encoding="utf-8")
NAMES = (
    "i4", "o4", "i5", "o5", "i6", "o6", "err6", "err5", "err4",
    "w46", "w56", "w14", "w15", "w24", "w25", "w34", "w35", "b6", "b5", "b4",
)  # fmt: skip
SLIDES = {
    "o4": 0.332, "o5": 0.525, "i6": -0.105, "o6": 0.474, "err6": 0.1311, "err5": -0.0065,
    "err4": -0.0087, "w46": -0.261, "w14": 0.192, "w15": -0.306, "w25": 0.1, "w34": -0.508,
    "w35": 0.194, "b5": 0.194, "b4": -0.408,
}  # fmt: skip
"""What the slides print."""


def decimals_by_hand(name):
    return 4 if name.startswith("err") else 3


def on_one_line(text):
    return " ".join(text.split())


def literal_in_cases(name):
    """What the support file gives a name; an author's code does not run in our own process."""
    tree = ast.parse((FOLDER / "cases.py").read_text(encoding="utf-8"))
    values = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == name
    ]
    return ast.literal_eval(values[0])


def by_the_reference():
    """One step of the lecture's network, with the names of the slides."""
    network = figures.lecture()
    (x, t), rate = figures.EXAMPLES[0], 0.9
    trace, found = network.trace([x]), network.gradients([x], [[t]])
    (i4, i5), (i6,) = (z[0] for z in trace.pre_activations)
    (o4, o5), (o6,) = (a[0] for a in trace.activations[1:])
    (err4, err5), (err6,) = (-g for g in found.biases)
    W1, W2 = (W - rate * g for W, g in zip(network.weights, found.weights, strict=True))
    b1, b2 = (b - rate * g for b, g in zip(network.biases, found.biases, strict=True))
    numbers = (i4, o4, i5, o5, i6, o6, err6, err5, err4, *W2[:, 0], *W1.ravel(), *b2, *b1[::-1])
    return dict(zip(NAMES, map(float, numbers), strict=True))


@pytest.mark.parametrize("name", NAMES)
def test_a_number_in_the_table_is_the_references_and_the_worked_examples(name):
    exact = by_the_reference()[name]
    assert exact == pytest.approx(worked_example("han-kamber-exact")[name], rel=1e-12)
    by_hand = worked_example("han-kamber-rounded")[name]
    decimals = decimals_by_hand(name)
    assert f"{name.capitalize() if decimals == 4 else name:<4}{exact:>14.6f}" in HANDOUT
    row = next(line for line in HANDOUT.splitlines() if line.lower().startswith(f"{name} "))
    assert f"{by_hand:.{decimals}f}" == row.split()[-1]


@pytest.mark.parametrize("name", SLIDES)
def test_the_column_by_hand_is_what_the_slides_print(name):
    by_hand = worked_example("han-kamber-rounded")[name]
    assert SLIDES[name] == round(by_hand, decimals_by_hand(name))


def test_the_input_of_unit_5_in_place_of_its_output_gives_what_the_handout_says():
    o4 = round(float(sigmoid(-0.7)), 3)
    assert f"with 0.1 it would be {o4 * -0.3 + 0.1 * -0.2 + 0.1:.4f}" in HANDOUT


def test_what_the_slides_call_w16_is_w15_and_no_wire_leads_from_1_to_6():
    assert {4, 5} == set(literal_in_cases("weights")[1])
    assert round(by_the_reference()["w15"], 3) == -0.306
    assert "-0.306 is called **w16**" in HANDOUT


def test_only_the_half_makes_the_errors_of_the_slides():
    """(t - o)^2 has the slope -2 (t - o), and the slides go on without the 2."""
    o6, err6 = by_the_reference()["o6"], by_the_reference()["err6"]
    assert err6 == pytest.approx(o6 * (1 - o6) * (1 - o6), rel=1e-12)
    assert "with the slope -2 (t - o), and one slide later the 2 is gone" in on_one_line(HANDOUT)


def test_the_slides_de_dw_is_the_slope_of_the_output():
    network, (x, t) = figures.lecture(), figures.EXAMPLES[0]
    o4, o6 = by_the_reference()["o4"], by_the_reference()["o6"]
    slope = o6 * (1 - o6) * o4
    found = network.gradients([x], [[t]]).weights[1][0, 0]
    assert found == pytest.approx(-(t - o6) * slope, rel=1e-12)
    assert found != pytest.approx(slope, rel=0.1)


@pytest.mark.parametrize("sizes", [(3, 2, 1), (4, 3, 3, 2)])
def test_the_counts_in_the_handout_are_the_references(sizes):
    n_weights, n_params = count_weights(sizes), count_parameters(sizes)
    assert {
        (3, 2, 1): f"3 * 2 + 2 * 1 = {n_weights} weights",
        (4, 3, 3, 2): f"4, 3, 3, 2:  {n_params} parameters, {n_weights} of them weights",
    }[sizes] in HANDOUT
    assert "8 + 2 + 1 = 11 parameters" in HANDOUT


def test_the_plateau_is_where_the_handout_says():
    losses, moves = figures.descend(200)
    stop = next(epoch for epoch, move in enumerate(moves, 1) if move < 0.012)
    text = on_one_line(HANDOUT)
    assert f"stops in epoch {stop} at a loss of {losses[stop]:.2f}, on a plateau" in text
    assert max(moves[stop:]) > 4 * moves[stop - 1]
    last = figures.descend(201)[0][-1]
    assert f"after 200 epochs the loss is {last:.4f}" in text


def test_the_lectures_network_of_the_support_file_is_the_references():
    weights, (W1, W2) = literal_in_cases("weights"), figures.lecture().weights
    assert W1.tolist() == [[weights[j][k] for k in (4, 5)] for j in (1, 2, 3)]
    assert W2.tolist() == [[weights[j][6]] for j in (4, 5)]
    text = (FOLDER / "cases.py").read_text(encoding="utf-8")
    (b4, b5), (b6,) = figures.lecture().biases
    assert f"return weights, {{4: {b4}, 5: {b5}, 6: {b6}}}" in text


def test_every_wire_of_the_network_with_skips_leads_to_a_larger_number():
    wires = literal_in_cases("WIRES")
    assert len(wires) == len(set(wires)) == 18
    assert all(j < k for j, k in wires)
    assert {2, 3, 5} == {j for j, _ in wires} - {k for _, k in wires}
    assert {20, 21} == {k for _, k in wires} - {j for j, _ in wires}
