"""The page on grading cannot drift from the code."""

import ast
from pathlib import Path

from grader.checks.diagnosis_codes import DIAGNOSIS_CODES

ROOT = Path(__file__).resolve().parents[2]


def test_every_diagnosis_code_stands_in_the_page_with_its_meaning():
    page = (ROOT / "docs" / "grading.md").read_text(encoding="utf-8")
    for code, told in DIAGNOSIS_CODES.items():
        assert f"| `{code}` | {told.meaning} | " in page
        assert told.example in page


def codes_in(path):
    """First arguments, where they are texts, of calls to Candidate and Diagnosis."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {
            "Candidate",
            "Diagnosis",
            "Mistake",
        }:
            for constant in ast.walk(node.args[0]) if node.args else ():
                if isinstance(constant, ast.Constant) and isinstance(constant.value, str):
                    yield constant.value


def test_every_code_that_a_rule_can_give_has_a_meaning():
    found = {code for path in (ROOT / "grader" / "checks").glob("*.py") for code in codes_in(path)}
    assert {"sign_flipped", "wrong_axis", "in_place_mutation", "time_step"} <= found
    assert found <= set(DIAGNOSIS_CODES)
