"""The inputs of a check: bare values, and tables that say how numbers are drawn.

Only what is asked for; `grader/spec/drawing.py` draws it.
"""

from collections.abc import Mapping
from typing import Annotated, Any, TypeAlias

from pydantic import PlainValidator, TypeAdapter

# Each module enters its kinds into the register.
from grader.spec import continuous, discrete  # noqa: F401
from grader.spec.generator import GENERATORS, Generator
from grader.spec.literals import BareValue, check_literal
from grader.spec.names import Identifier
from grader.spec.schema import fault, suggest


def read_input(written: Any) -> Generator | BareValue:
    """Return the generator of a table, and a bare value as it is."""
    if isinstance(written, Generator):
        return written
    if not isinstance(written, Mapping):
        value: BareValue = check_literal(written)
        return value
    heads = [key for key in written if key in GENERATORS]
    if heads:
        return GENERATORS[heads[0]].model_validate(written)
    nearest = [suggest(key, GENERATORS) for key in written]
    remedy = next((line for line in nearest if line.startswith("did")), "")
    raise fault(
        "does not say how its numbers are drawn", remedy or "use one of " + ", ".join(GENERATORS)
    )


Input: TypeAlias = Annotated[Generator | BareValue, PlainValidator(read_input)]
InputSet: TypeAlias = dict[Identifier, Input]
"""Inputs of a snippet, by the name they have in its scope."""

_INPUT_SET = TypeAdapter(InputSet)


def read_input_set(written: Any) -> InputSet:
    """Return a table of inputs, validated."""
    if not isinstance(written, Mapping):
        raise fault("is not a table of inputs", "write for example {x = {normal = [10, 6]}}")
    return _INPUT_SET.validate_python(dict(written))
