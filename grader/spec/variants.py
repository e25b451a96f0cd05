"""The ways in which a check may be met."""

from dataclasses import dataclass

from grader.spec.check import Accept, CheckSpec


@dataclass(frozen=True, slots=True)
class Variant:
    """A way to meet a check; `name` is empty for the check as it stands."""

    name: str
    when: str | None
    check: CheckSpec


def override(check: CheckSpec, accept: Accept) -> CheckSpec:
    """Return the check with the keys of an accepted variant in place of its own.

    Raises
    ------
    pydantic.ValidationError
        If what comes out is not a check; the loader has excluded this.
    """
    written = {key: value for key, value in check.as_written.items() if key != "accept"}
    return type(check).model_validate({**written, **accept.overrides})


def variants(check: CheckSpec) -> tuple[Variant, ...]:
    """Return the ways in which a check may be met: as it stands first, then the accepted ones."""
    accepted = (Variant(each.name, each.when, override(check, each)) for each in check.accept)
    return (Variant("", None, check), *accepted)
