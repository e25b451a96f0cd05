"""A valid assignment.toml becomes models that say what it says, defaults filled in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from grader.spec import (
    CompareRule,
    CostCheck,
    Counts,
    GradientCheck,
    Hint,
    LateStep,
    OutputCheck,
    PropertyCheck,
    SourceCheck,
    Visibility,
    parse_spec,
)

EVERY_KEY = """\
title    = "Backpropagation through a two-layer network"
files    = ["layers.py", "solution.py"]
allow    = ["numpy", "stdlib", "scipy.special"]
shims    = ["past.builtins", "matplotlib", "python2-builtins", "numpy1"]
package  = "cs231n"
support  = ["cases.py"]
data     = ["iris.csv"]
starter_max = 0.2
team     = {min = 1, max = 2}

[policy]
opens_at = 2026-10-01T09:00:00-04:00
due_at   = 2026-12-14T23:59:00-05:00
late     = {grace = "15m", per_day = 0.10, days = 3}
attempts = {per_day = 20, cooldown = "30s"}
counts   = "last"

[limits]
wall_time  = "8s"
cpu_time   = "4s"
memory     = "512MiB"
output     = "32KiB"
total_time = "1m30s"

[environment]
requirements = "requirements.lock"

[defaults]
points  = 1
visible = "after_due"
rtol    = 1e-5
shape   = "strict"
limits  = {cpu_time = "3s"}

[inputs.batch]
x = {normal = [10, 6], shift = 1.0, scale = 2.0, min_abs = 0.1, dtype = "float32"}
y = {labels = 5, size = 10}
W = {normal = [6, 5], scale = 0.1}
b = {linspace = [-0.4, 0.6], shape = [5]}
p = {permuted = [8, 8], low = -2.0, high = 2.0}
u = {uniform = [3], low = 0, high = 1}
n = {integers = [3], low = 0, high = 9}
t = {one_hot = 5, size = 10}
c = {choice = ["a", "b"], size = 4}
z = {zeros = [3]}
o = {ones = [3]}
i = {eye = 3}
v = {value = [[1, 2], [3, 4]]}
reg = 0.7
name = "relu"
steps = [1, 2, 3]

[inputs.single]
x = {normal = [1, 6]}
W = {normal = [6, 5]}
b = {zeros = [5]}

[[checks]]
id      = "affine-forward"
kind    = "output"
title   = "affine_forward returns x @ w + b"
inputs  = ["batch", "single", {x = {normal = [2, 2]}, W = {eye = 2}, b = {zeros = 2}}]
scales  = [1e-3, 1.0, 100]
shapes  = [{x = [1, 6]}, {x = [7, 6]}]
run     = "out, cache = affine_forward(x, W, b)"
compare = {out = {rtol = 1e-7, atol = 0}, cache = {shape = "note"}}
points  = 2.5
visible = "always"
hint    = "locate"
needs   = ["by-hand"]
carry_forward = ["affine_backward"]
mutation = "fail"
seed    = 7
limits  = {wall_time = "2s"}
[[checks.accept]]
name   = "another convention"
expect = "out, cache = affine_forward(x, W, 2 * b)"
when   = "keep_prob"

[[checks]]
id       = "affine-backward"
kind     = "gradient"
inputs   = {x = {normal = [10, 6]}, w = {normal = [6, 5]}, dout = {normal = [10, 5]}}
forward  = "out, cache = affine_forward(x, w, 0)"
backward = "dx, dw, db = affine_backward(dout, cache)"
value    = "out"
cotangent = "dout"
gradient = {x = "dx", w = "dw"}
compare  = ["out"]
points   = 3

[[checks]]
id      = "smo-optimal"
kind    = "property"
run     = "alpha, b = smo(1e-4)"
returns = ["alpha", "b"]
holds   = "svm_duality_gap(alpha) <= 1e-6"

[[checks]]
id      = "vectorised"
kind    = "cost"
inputs  = "batch"
run     = "affine_forward(x, W, b)"
grows   = {over = "x", from = 1000, to = 16000}
ratio   = 3.0
calls   = 4

[[checks]]
id      = "by-hand"
kind    = "source"
forbid  = ["numpy.gradient", "scipy", "torch"]
define  = ["affine_forward(x, w, b)"]

[[rubric]]
id = "clarity"
title = "Readable code"
points = 2

[leaderboard]
value = "alpha"
order = "asc"
"""


def test_the_whole_of_it() -> None:
    spec = parse_spec(EVERY_KEY)

    assert ("layers.py", "solution.py") == spec.files
    assert ("cases.py",) == spec.support
    assert ("iris.csv",) == spec.data
    assert ("cs231n", 0.2, 2) == (spec.package, spec.starter_max, spec.team.max)
    assert "requirements.lock" == spec.environment.requirements
    assert [OutputCheck, GradientCheck, PropertyCheck, CostCheck, SourceCheck] == [
        type(check) for check in spec.checks
    ]
    assert Decimal("10.5") == spec.points
    assert spec.leaderboard is not None
    assert ("alpha", "asc") == (spec.leaderboard.value, spec.leaderboard.order)
    assert ("clarity", "Readable code") == (spec.rubric[0].id, spec.rubric[0].title)


def test_the_policy() -> None:
    policy = parse_spec(EVERY_KEY).policy

    eastern = timezone(timedelta(hours=-4))
    assert datetime(2026, 10, 1, 9, tzinfo=eastern) == policy.opens_at
    assert datetime(2026, 12, 15, 4, 59, tzinfo=UTC) == policy.due_at
    assert (900.0, 0.1, 3) == (policy.late.grace_s, policy.late.per_day, policy.late.days)
    assert (20, 30.0) == (policy.attempts.per_day, policy.attempts.cooldown_s)
    assert policy.counts is Counts.LAST


def test_late_steps() -> None:
    spec = parse_spec(
        EVERY_KEY.replace(
            '{grace = "15m", per_day = 0.10, days = 3}', '{steps = [["1h", 0.05], ["24h", 0.20]]}'
        )
    )

    assert (
        LateStep(after_s="1h", share=0.05),  # type: ignore[arg-type]
        LateStep(after_s="24h", share=0.2),  # type: ignore[arg-type]
    ) == spec.policy.late.steps


def test_an_output_check() -> None:
    check = parse_spec(EVERY_KEY).checks[0]

    assert isinstance(check, OutputCheck)
    assert ("batch", "single") == check.inputs[:2]
    assert isinstance(check.inputs[2], dict)
    assert (1e-3, 1.0, 100.0) == check.scales
    assert ({"x": (1, 6)}, {"x": (7, 6)}) == check.shapes
    assert Decimal("2.5") == check.points
    assert (Visibility.ALWAYS, Hint.LOCATE) == (check.visible, check.hint)
    assert ("by-hand",) == check.needs
    assert ("affine_backward",) == check.carry_forward
    assert ("fail", 7) == (check.mutation, check.seed)
    assert check.run == check.expect
    assert ("another convention", "keep_prob") == (check.accept[0].name, check.accept[0].when)


def test_a_rule_of_one_name_goes_before_that_of_the_check_and_the_defaults() -> None:
    check = parse_spec(EVERY_KEY).checks[0]

    assert isinstance(check, OutputCheck)
    assert {
        "out": CompareRule(rtol=1e-7, atol=0.0, shape="strict"),
        "cache": CompareRule(rtol=1e-5, atol=0.0, shape="note"),
    } == check.compare


def test_without_any_word_on_tolerances_the_rule_is_open() -> None:
    """None lets the comparison take 1e-6, and 1e-4 for a float32 student."""
    text = 'title="T"\n[[checks]]\nid="a"\nkind="output"\nrun="o = f()"\ncompare=["o"]'
    check = parse_spec(text).checks[0]

    assert isinstance(check, OutputCheck)
    assert {"o": CompareRule(rtol=None, atol=0.0, shape="note")} == check.compare


def test_defaults_fill_only_what_a_check_lacks_and_knows() -> None:
    checks = {check.id: check for check in parse_spec(EVERY_KEY).checks}

    assert Visibility.ALWAYS is checks["affine-forward"].visible
    assert Visibility.AFTER_DUE is checks["by-hand"].visible
    assert Decimal(1) == checks["by-hand"].points
    assert Decimal(3) == checks["affine-backward"].points


def test_limits_merge_from_the_assignment_the_defaults_and_the_check() -> None:
    spec = parse_spec(EVERY_KEY)
    forward, backward = spec.checks[:2]

    mib, kib = 1024 * 1024, 1024
    assert (8.0, 4.0, 512 * mib, 32 * kib, 90.0) == tuple(spec.limits.model_dump().values())
    assert (2.0, 4.0, 512 * mib) == (
        forward.limits.wall_time_s,
        forward.limits.cpu_time_s,
        forward.limits.memory_bytes,
    )
    assert (8.0, 3.0) == (backward.limits.wall_time_s, backward.limits.cpu_time_s)


def test_the_other_kinds() -> None:
    _, gradient, predicate, cost, source = parse_spec(EVERY_KEY).checks

    assert isinstance(gradient, GradientCheck)
    assert ("out", "dout") == (gradient.value, gradient.cotangent)
    assert {"x": "dx", "w": "dw"} == gradient.gradient
    assert gradient.forward == gradient.expect
    assert ["out"] == list(gradient.compare)
    assert isinstance(predicate, PropertyCheck)
    assert ("alpha", "b") == predicate.returns
    assert isinstance(cost, CostCheck)
    assert cost.grows is not None
    assert ("x", 1000, 16000) == (cost.grows.over, cost.grows.from_, cost.grows.to)
    assert (3.0, 4) == (cost.ratio, cost.calls)
    assert isinstance(source, SourceCheck)
    assert ("numpy.gradient", "scipy", "torch") == source.forbid
    assert ("affine_forward(x, w, b)",) == source.define


def test_what_the_smallest_assignment_gets_by_default(smallest: str) -> None:
    spec = parse_spec(smallest)
    (check,) = spec.checks

    assert ("solution.py",) == spec.files
    assert ("numpy", "stdlib") == spec.allow
    assert (0.1, 1, 1) == (spec.starter_max, spec.team.min, spec.team.max)
    assert Counts.BEST is spec.policy.counts
    assert (10.0, 5.0, 1024**3, 64 * 1024, 60.0) == tuple(check.limits.model_dump().values())
    assert ("total", Decimal(1)) == (check.title, check.points)
    assert (Visibility.ALWAYS, Hint.NAME, "note") == (check.visible, check.hint, check.mutation)
    assert ((), (1.0,), (), None) == (check.inputs, check.scales, check.shapes, check.seed)


def test_a_default_may_name_the_kind() -> None:
    text = 'title="T"\n[defaults]\nkind="source"\ndefine=["f"]\nrun="x"\n[[checks]]\nid="a"'

    assert isinstance(parse_spec(text).checks[0], SourceCheck)


@pytest.mark.parametrize(
    ("opens", "due"),
    [
        ("2026-10-01T09:00:00-04:00", "2026-10-14T23:59:00-04:00"),
        ("2026-10-01T09:00:00-04:00", "2026-12-14T23:59:00-05:00"),
        ("2026-10-01T09:00:00+05:30", "2026-12-14T23:59:00+05:30"),
        ("2026-10-01T09:00:00Z", "2026-10-14T23:59:00+00:00"),
        ("2026-09-01T09:00:00+10:30", "2026-10-14T23:59:00+11:00"),
    ],
)
def test_offsets_of_one_zone_are_fine(smallest: str, opens: str, due: str) -> None:
    """New York in two seasons, India, UTC, and Lord Howe Island with its half hour."""
    spec = parse_spec(f"policy = {{opens_at = {opens}, due_at = {due}}}\n{smallest}")

    assert spec.policy.due_at is not None


def test_models_are_frozen(smallest: str) -> None:
    spec = parse_spec(smallest)

    with pytest.raises(ValueError, match="frozen"):
        spec.title = "other"
