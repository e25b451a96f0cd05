"""How close a student's value has to be to the solution's."""

from typing import Annotated, Any, Literal, TypeAlias

from pydantic import AllowInfNan, BeforeValidator, Field

from grader.spec.names import Identifier
from grader.spec.schema import SpecModel, fault


def _read_names_as_table(written: Any) -> Any:
    if not isinstance(written, list | tuple):
        return written
    for index, name in enumerate(written):
        if not isinstance(name, str):
            raise fault("is not a name", 'write for example ["out"]', at=(index,))
        if name in written[:index]:
            raise fault(f"{name!r} stands here twice", "name it once", at=(index,))
    return {name: {} for name in written}


NonNegative: TypeAlias = Annotated[float, Field(ge=0), AllowInfNan(allow_inf_nan=False)]
ShapeRule: TypeAlias = Literal["note", "strict"]


class CompareRule(SpecModel):
    """How close a value has to be: abs(s - r) <= rtol * max(abs(r)) + atol."""

    rtol: NonNegative | None = None
    """None: 1e-6, and 1e-4 for a float32 student. A stated one holds for every dtype."""
    atol: NonNegative = 0.0
    shape: ShapeRule = "note"


Compare: TypeAlias = Annotated[dict[Identifier, CompareRule], BeforeValidator(_read_names_as_table)]
