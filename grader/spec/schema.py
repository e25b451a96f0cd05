"""The base of every table in assignment.toml: strict, frozen, and helpful about unknown keys."""

import difflib
from collections.abc import Collection, Iterable, Mapping
from typing import Annotated, Any, ClassVar, Self, TypeAlias, TypeVar

from pydantic import BaseModel, ConfigDict, Strict, ValidationError, model_validator
from pydantic import ModelWrapValidatorHandler as Handler
from pydantic_core import InitErrorDetails, PydanticCustomError

FAULT = "fault"
"""The type of the errors that these models raise themselves, in words made for the author."""

Path: TypeAlias = tuple[str | int, ...]
"""Where a value stands in the parsed TOML: keys, and indexes into arrays."""

T = TypeVar("T")
Sequence: TypeAlias = Annotated[tuple[T, ...], Strict(False)]
"""A TOML array. Lax in the container alone: a tuple is not what a parser returns."""


def fault(problem: str, remedy: str = "", *, at: Path = ()) -> PydanticCustomError:
    """Return the error to raise in a validator.

    Parameters
    ----------
    problem, remedy
        What is wrong, and what the author has to do.
    at
        Path of the faulty value below the one that is being validated.
    """
    return PydanticCustomError(
        FAULT, "{problem}", {"problem": problem, "remedy": remedy, "at": list(at)}
    )


def suggest_one(word: str) -> str:
    """Return the remedy that names one valid word."""
    return f"did you mean `{word}`?"


def suggest(word: str, known: Collection[str]) -> str:
    """Return the remedy for a misspelt word: the nearest valid one, or all of them."""
    nearest = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    if nearest:
        return suggest_one(nearest[0])
    return "known here: " + ", ".join(sorted(known))


class SpecModel(BaseModel):
    """A table of assignment.toml. Every key is known and has the type that TOML gave it."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, defer_build=True)

    refused_keys: ClassVar[frozenset[str]] = frozenset()
    """Inherited keys that would have no effect in this table, and so are unknown in it."""

    @classmethod
    def keys(cls) -> frozenset[str]:
        """Return the keys that an author may write in this table."""
        names = (field.validation_alias or name for name, field in cls.model_fields.items())
        return frozenset(str(name) for name in names) - cls.refused_keys

    @classmethod
    def explain_unknown_key(cls, key: str) -> tuple[str, str]:
        """Return the problem and the remedy for a key that this table does not know."""
        return "unknown key", suggest(key, cls.keys())

    @model_validator(mode="wrap")
    @classmethod
    def report_unknown_keys(cls, table: Any, handler: Handler[Self]) -> Self:
        """Name the nearest valid spelling of each unknown key, beside all other errors."""
        if not isinstance(table, Mapping):
            return handler(table)
        known = cls.keys()
        unknown = [
            InitErrorDetails(type=fault(*cls.explain_unknown_key(key)), loc=(key,), input=value)
            for key, value in table.items()
            if key not in known
        ]
        if not unknown:
            return handler(table)
        try:
            handler({key: value for key, value in table.items() if key in known})
        except ValidationError as error:
            unknown += restate_errors(error)
        raise ValidationError.from_exception_data(cls.__name__, unknown)


def restate_errors(error: ValidationError) -> Iterable[InitErrorDetails]:
    """Yield the errors in the form from which pydantic builds a new ValidationError."""
    for line in error.errors(include_url=False):
        context = line.get("ctx", {})
        kind: str | PydanticCustomError = line["type"]
        if kind == FAULT:
            kind = PydanticCustomError(FAULT, "{problem}", context)
        yield InitErrorDetails(type=kind, loc=line["loc"], input=line["input"], ctx=context)
