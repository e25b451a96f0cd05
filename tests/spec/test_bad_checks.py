"""A mistake in a check of assignment.toml: one line with the file, the line, the key, what to do."""

# ruff: noqa: E501  (rows of a table)
from __future__ import annotations

from typing import NamedTuple

import pytest

from grader.spec import parse_spec


class Bad(NamedTuple):
    """A text with one mistake, on the line marked HERE."""

    text: str
    key: str
    problem: str
    remedy: str


def check(lines: str, kind: str = "output") -> str:
    """Put lines into a check that is valid otherwise."""
    own = {
        "output": 'run = "out, g = f(x)"\ncompare = ["out"]',
        "gradient": 'forward = "out, g = f(x)"\nvalue = "out"\ngradient = {x = "g"}',
        "property": 'run = "out = f(x)"\nreturns = ["out"]\nholds = "out > 0"',
        "cost": 'run = "out = f(x)"\nratio = 3.0',
        "source": 'define = ["f(x)"]',
    }[kind]
    head = lines.split("[[")[0]
    stated = {line.split("=")[0].strip() for line in head.splitlines()}
    kept = [line for line in own.splitlines() if line.split("=")[0].strip() not in stated]
    inputs = "" if kind == "source" or "inputs" in stated else 'inputs = "batch"'
    return "\n".join(
        [
            'title = "T"',
            "[inputs.batch]",
            "x = {normal = [3, 2]}",
            "y = {labels = 3, size = 3}",
            "reg = 0.5",
            "[[checks]]",
            'id = "a"',
            f'kind = "{kind}"',
            inputs,
            *kept,
            lines,
            "",
        ]
    )


BAD = {
    "no id": Bad(
        'title = "T"\n[[checks]] # HERE\nkind = "source"\ndefine = ["f"]', "checks[0].id", "`id`", "add"
    ),
    "no kind": Bad('title = "T"\n[[checks]] # HERE\nid = "a"', "checks.a", "`kind`", "output"),
    "unknown kind": Bad(
        'title = "T"\n[[checks]]\nid = "a"\nkind = "outputs" # HERE',
        "checks.a.kind", "no kind of check", "`output`",
    ),
    "id with blanks": Bad(check('id = "my check" # HERE').replace('id = "a"\n', ""), "checks.my check.id", "not an id", "letters"),
    "id twice": Bad(
        check("points = 1") + '[[checks]]\nid = "a" # HERE\nkind = "source"\ndefine = ["f"]',
        "checks.a.id", "already taken", "another",
    ),
    "id of the rubric": Bad(
        check("points = 1") + '[[rubric]]\nid = "a" # HERE\ntitle = "t"\npoints = 1',
        "rubric[0].id", "already taken", "another",
    ),
    "misspelt key of a check": Bad(check('rnu = "x" # HERE'), "checks.a.rnu", "unknown key", "`run`"),
    "key of another kind": Bad(
        check('holds = "x" # HERE'), "checks.a.holds", "kind 'output'", "property"
    ),
    "a source check has no inputs": Bad(
        check('scales = [1.0] # HERE', "source"), "checks.a.scales", "kind 'source'", "belongs to"
    ),
    "a cost check has no mutation": Bad(
        check('mutation = "fail" # HERE', "cost"), "checks.a.mutation", "kind 'cost'", "belongs to"
    ),
    "points of zero": Bad(check("points = 0 # HERE"), "checks.a.points", "positive", "2 or 0.5"),
    "points below zero": Bad(check("points = -1 # HERE"), "checks.a.points", "positive", "0.5"),
    "points are a boolean": Bad(check("points = true # HERE"), "checks.a.points", "number", "0.5"),
    "points are a string": Bad(check('points = "2" # HERE'), "checks.a.points", "number", "0.5"),
    "points are infinite": Bad(check("points = inf # HERE"), "checks.a.points", "positive", "0.5"),
    "points of a rubric": Bad(
        check("points = 1") + '[[rubric]]\nid = "r"\ntitle = "t"\npoints = nan # HERE',
        "rubric[0].points", "positive", "0.5",
    ),
    "visible": Bad(check('visible = "alway" # HERE'), "checks.a.visible", "not valid", "`always`"),
    "visible is a boolean": Bad(
        check("visible = true # HERE"), "checks.a.visible", "the boolean true", "always"
    ),
    "hint": Bad(check('hint = "names" # HERE'), "checks.a.hint", "not valid", "`name`"),
    "mutation": Bad(check('mutation = "fial" # HERE'), "checks.a.mutation", "not valid", "`fail`"),
    "shape": Bad(check('shape = "strickt" # HERE'), "checks.a.shape", "not valid", "`strict`"),
    "rtol below zero": Bad(check("rtol = -1e-6 # HERE"), "checks.a.rtol", "at least 0", "number"),
    "seed is a boolean": Bad(
        check("seed = true # HERE"), "checks.a.seed", "a whole number, not the boolean", "3"
    ),
    "seed is a float": Bad(check("seed = 7.0 # HERE"), "checks.a.seed", "a whole number", "3"),
    "seed below zero": Bad(check("seed = -7 # HERE"), "checks.a.seed", "at least 0", "number"),
    "no scales": Bad(check("scales = [] # HERE"), "checks.a.scales", "is empty", "at least one"),
    "scale is zero": Bad(check("scales = [1.0, 0] # HERE"), "checks.a.scales[1]", "alike", "other"),
    "scale is infinite": Bad(
        check("scales = [1.0,\n inf] # HERE"), "checks.a.scales[1]", "finite", "number"
    ),
    "unknown input set": Bad(
        check('inputs = "bacth" # HERE'), "checks.a.inputs", "no input set 'bacth'", "`batch`"
    ),
    "unknown input set in a list": Bad(
        check('inputs = ["batch",\n "single"] # HERE'),
        "checks.a.inputs[1]", "no input set 'single'", "known here: batch",
    ),
    "input set twice": Bad(
        check('inputs = ["batch", "batch"] # HERE'), "checks.a.inputs[1]", "twice", "once"
    ),
    "mistake in an inline set": Bad(
        check("inputs = {x = {norml = 3}} # HERE"), "checks.a.inputs.x", "drawn", "`normal`"
    ),
    "inputs is a number": Bad(check("inputs = 3 # HERE"), "checks.a.inputs", "table", "{x"),
    "shape of an unknown input": Bad(
        check("shapes = [{z = [1, 6]}] # HERE"), "checks.a.shapes[0].z", "no input 'z'", "known"
    ),
    "shape of a bare value": Bad(
        check("shapes = [{reg = [1]}] # HERE"), "checks.a.shapes[0].reg", "bare value", "change"
    ),
    "unknown name in compare": Bad(
        check('compare = ["out", "loss"] # HERE'), "checks.a.compare.loss", "does not occur", "assign"
    ),
    "number in compare": Bad(
        check('compare = ["out",\n 3] # HERE'), "checks.a.compare[1]", "not a name", '["out"]'
    ),
    "name twice in compare": Bad(
        check('compare = ["out", "out"] # HERE'), "checks.a.compare[1]", "twice", "once"
    ),
    "nothing to compare": Bad(check("compare = [] # HERE"), "checks.a.compare", "nothing", "name"),
    "unknown key in a rule": Bad(
        check("compare = {out = {rtl = 1}} # HERE"), "checks.a.compare.out.rtl", "unknown", "`rtol`"
    ),
    "needs an unknown check": Bad(
        check('needs = ["b"] # HERE'), "checks.a.needs[0]", "no check has the id 'b'", "a"
    ),
    "needs itself": Bad(check('needs = ["a"] # HERE'), "checks.a.needs", "a -> a", "break"),
    "needs in a circle": Bad(
        check('needs = ["b"] # HERE')
        + '[[checks]]\nid = "b"\nkind = "source"\ndefine = ["f"]\nneeds = ["c"]\n'
        + '[[checks]]\nid = "c"\nkind = "source"\ndefine = ["f"]\nneeds = ["a"]\n',
        "checks.a.needs", "in a circle: a -> b -> c -> a", "break",
    ),
    "empty snippet": Bad(check('run = "" # HERE'), "checks.a.run", "is empty", "text"),
    "snippet is a list": Bad(check('run = ["x"] # HERE'), "checks.a.run", "a string, not a list", '"'),
    "carry_forward is no name": Bad(
        check('carry_forward = ["f(x)"] # HERE'), "checks.a.carry_forward[0]", "variable", "rename"
    ),
    "carry_forward is an input": Bad(
        check('carry_forward = ["x"] # HERE'), "checks.a.carry_forward[0]", "an input", "rename"
    ),
    "carry_forward of all that is called": Bad(
        check('carry_forward = ["f"] # HERE'), "checks.a.carry_forward", "calls", "leave out"
    ),
    "a variant that carries something else": Bad(
        check('[[checks.accept]]\nname = "v"\ncarry_forward = ["g"] # HERE'),
        "checks.a.accept[0].carry_forward", "the same whichever way", "leave it out",
    ),
    "carry_forward of a cost check": Bad(
        check('carry_forward = ["g"] # HERE', "cost"), "checks.a.carry_forward", "kind 'cost'", "belongs"
    ),
    # accepted variants
    "variant without a name": Bad(
        check('[[checks.accept]] # HERE\nexpect = "out = g(x)"'),
        "checks.a.accept[0].name", "is missing", "add it",
    ),
    "variant that changes nothing": Bad(
        check('[[checks.accept]] # HERE\nname = "same"'), "checks.a.accept[0]", "nothing", "expect"
    ),
    "bad pattern": Bad(
        check('[[checks.accept]]\nname = "v"\nrtol = 1\nwhen = "(" # HERE'),
        "checks.a.accept[0].when", "regular expression", "mend",
    ),
    "misspelt key in a variant": Bad(
        check('[[checks.accept]]\nname = "v"\nexpct = "x" # HERE'),
        "checks.a.accept[0].expct", "unknown key", "`expect`",
    ),
    "wrong value in a variant": Bad(
        check('[[checks.accept]]\nname = "v"\nrtol = -1 # HERE'),
        "checks.a.accept[0].rtol", "at least 0", "number",
    ),
    "a variant of another id": Bad(
        check('[[checks.accept]]\nname = "v"\nid = "b" # HERE'),
        "checks.a.accept[0].id", "the same whichever way", "leave it out",
    ),
    "a variant with unknown inputs": Bad(
        check('[[checks.accept]]\nname = "v"\ninputs = "b" # HERE'),
        "checks.a.accept[0].inputs", "no input set 'b'", "batch",
    ),
    "a variant that does not assign": Bad(
        check('[[checks.accept]]\nname = "v"\ncompare = ["zz"] # HERE'),
        "checks.a.accept[0].compare.zz", "does not occur", "assign",
    ),
    # gradient
    "gradient by an unknown input": Bad(
        check('gradient = {w = "g"} # HERE', "gradient"), "checks.a.gradient.w", "no input", "known"
    ),
    "gradient by labels": Bad(
        check('gradient = {y = "g"} # HERE', "gradient"),
        "checks.a.gradient.y", "'y' is not floating", "real numbers",
    ),
    "gradient that is never assigned": Bad(
        check('gradient = {x = "dx"} # HERE', "gradient"),
        "checks.a.gradient.x", "'dx' does not occur in `forward`", "dx = ...",
    ),
    "gradient by nothing": Bad(
        check("gradient = {} # HERE", "gradient"), "checks.a.gradient", "by nothing", '{x = "dx"}'
    ),
    "unknown cotangent": Bad(
        check('cotangent = "dout" # HERE', "gradient"), "checks.a.cotangent", "no input", "known"
    ),
    "value that is never assigned": Bad(
        check('value = "loss" # HERE', "gradient"), "checks.a.value", "does not occur", "loss = ..."
    ),
    # property, cost, source
    "returned name": Bad(
        check('returns = ["out", "b"] # HERE', "property"), "checks.a.returns[1]", "occur", "b = ..."
    ),
    "nothing returned": Bad(
        check("returns = [] # HERE", "property"), "checks.a.returns", "is empty", "at least one"
    ),
    "no predicate": Bad(
        check('holds = " " # HERE', "property"), "checks.a.holds", "is empty", "text"
    ),
    "growth of an unknown input": Bad(
        check('grows = {over = "z", from = 1, to = 2} # HERE', "cost"),
        "checks.a.grows.over", "no input 'z'", "known",
    ),
    "growth of a bare value": Bad(
        check('grows = {over = "reg", from = 1, to = 2} # HERE', "cost"),
        "checks.a.grows.over", "no shape that could grow", "draw",
    ),
    "growth that shrinks": Bad(
        check('grows = {over = "x", from = 2, to = 2} # HERE', "cost"),
        "checks.a.grows.to", "not more than `from`", "from < to",
    ),
    "ratio of zero": Bad(check("ratio = 0 # HERE", "cost"), "checks.a.ratio", "more than 0", "number"),
    "forbidden is no name": Bad(
        check('forbid = ["import os"] # HERE', "source"), "checks.a.forbid[0]", "dotted", "numpy."
    ),
    "defined is no signature": Bad(
        check('define = ["def f(x):"] # HERE', "source"), "checks.a.define[0]", "signature", "f"
    ),
    "total_time of a check": Bad(
        check('limits = {total_time = "9s"} # HERE'),
        "checks.a.limits.total_time", "whole submission", "[limits]",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_a_mistake_is_told_with_its_line_key_and_remedy(name, assert_told):
    assert_told(*BAD[name])


@pytest.mark.parametrize("kind", ["output", "gradient", "property", "cost", "source"])
def test_only_the_marked_line_is_wrong(kind):
    assert kind == parse_spec(check("points = 1", kind)).checks[0].kind
