"""docs/formats.md names every key of assignment.toml and no other, as the models say it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from grader.spec import CHECK_KINDS, parse_spec
from grader.spec.course import CourseSpec
from grader.spec.generator import GENERATORS
from grader.spec.limits import Limits
from grader.spec.manual import list_tables, names_on, read_docstrings, write_page, write_table
from grader.spec.models import AssignmentSpec, Environment, Leaderboard, RubricItem, Team
from grader.spec.plots import BoundaryPlot, TracePlot
from grader.spec.policy import Attempts, Late, Policy
from grader.spec.schedule import TermDates
from grader.spec.schema import SpecModel

PAGE = (Path(__file__).parents[2] / "docs" / "formats.md").read_text(encoding="utf-8")

TABLES = {
    "The top of the file": AssignmentSpec.keys() | {"defaults"},
    "`team`": Team.keys(),
    "`[policy]`": Policy.keys(),
    "`late`": Late.keys(),
    "`attempts`": Attempts.keys(),
    "`[limits]`": Limits.keys(),
    "`[environment]`": Environment.keys(),
    "`[[rubric]]`": RubricItem.keys(),
    "`[leaderboard]`": Leaderboard.keys(),
    "`[[checks.accept]]`": {"name", "when"},
    "`grows`": {"over", "from", "to"},
    "`trace`": TracePlot.keys(),
    "`boundary`": BoundaryPlot.keys(),
    "`course.toml`": CourseSpec.keys(),
    "`[schedule]`": TermDates.keys(),
    **{f"`{head}`": generator.keys() for head, generator in GENERATORS.items()},
}
SHARED = {
    "All kinds": set(CHECK_KINDS),
    "All kinds that run a snippet": set(CHECK_KINDS) - {"source"},
    "All kinds but `source` and `cost`": {"output", "gradient", "property"},
    "`output` and `property`": {"output", "property"},
    "Kinds that compare": {"output", "gradient"},
}


def keys_under(heading: str) -> dict[str, str]:
    """Return the keys of the table under a heading, and their defaults."""
    section = re.search(rf"^##+ {re.escape(heading)}\n(.*?)(?=^##|\Z)", PAGE, re.M | re.S)
    assert section is not None, heading
    return dict(re.findall(r"^\| `(\w+)` \| (.*?) \|", section[1], re.M))


def test_the_tables_of_the_page_are_what_the_models_say() -> None:
    assert write_page(PAGE) == PAGE, "run `python -m grader.spec.manual`"


def test_every_table_has_one_place_on_the_page() -> None:
    assert sorted(list_tables()) == sorted(names_on(PAGE))


def test_a_meaning_is_the_docstring_below_the_field() -> None:
    told = read_docstrings(CHECK_KINDS["gradient"])
    assert "Name of what is differentiated." == told["value"]
    assert "Absolute tolerance." == told["atol"]  # of the parent
    rows = write_table("gradient", list_tables()["gradient"])
    assert "| `expect` | as `forward` | The forward snippet on the solution" in rows
    assert '| `memory` | `"1GiB"` |' in write_table("limits", list_tables()["limits"])


@pytest.mark.parametrize("heading", TABLES)
def test_a_table_of_the_page_has_the_keys_of_its_model(heading: str) -> None:
    assert set(TABLES[heading]) == set(keys_under(heading))


@pytest.mark.parametrize("kind", CHECK_KINDS)
def test_the_tables_of_a_kind_of_check_have_its_keys(kind: str) -> None:
    own = [f"`{kind}`", *(heading for heading, kinds in SHARED.items() if kind in kinds)]

    assert CHECK_KINDS[kind].keys() == {key for heading in own for key in keys_under(heading)}


def test_every_table_of_the_page_is_tested() -> None:
    headings = re.findall(r"^##+ (.*)\n", PAGE, re.M)
    with_keys = {heading for heading in headings if keys_under(heading)}

    assert {*TABLES, *SHARED, *(f"`{kind}`" for kind in CHECK_KINDS)} == with_keys


def test_a_key_is_required_where_the_page_says_so() -> None:
    models: dict[str, type[SpecModel]] = {
        **CHECK_KINDS,
        **GENERATORS,
        "[policy]": Policy,
        "[limits]": Limits,
        "late": Late,
        "course.toml": CourseSpec,
    }
    for name, model in models.items():
        for field_name, field in model.model_fields.items():
            key = str(field.validation_alias or field_name)
            default = keys_under(f"`{name}`").get(key)
            if default is not None:
                assert field.is_required() == (default == "required"), (name, key)


@pytest.mark.parametrize("heading", ["`[limits]`", "`late`", "`attempts`"])
def test_the_written_defaults_are_the_defaults(heading: str, smallest: str) -> None:
    stated = {key: value.strip("`") for key, value in keys_under(heading).items() if "`" in value}
    table = ", ".join(f"{key} = {value}" for key, value in stated.items())
    place = {"`[limits]`": "limits = {%s}", "`late`": "policy.late = {%s}"}
    line = place.get(heading, "policy.attempts = {%s}") % table

    plain, written = parse_spec(smallest), parse_spec(f"{line}\n{smallest}")

    assert stated
    assert (plain.limits, plain.policy) == (written.limits, written.policy)
