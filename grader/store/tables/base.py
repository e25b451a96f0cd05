"""The base of all tables, and the column types that mean the same on SQLite and PostgreSQL."""

from __future__ import annotations

import datetime
import decimal
import json
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    DateTime,
    Dialect,
    Enum,
    Integer,
    MetaData,
    Numeric,
    String,
    Text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator, TypeEngine

DECIMAL_PLACES = 6
"""Points are exact to so many places; what a penalty takes is rounded to them."""
_QUANTUM = Decimal(1).scaleb(-DECIMAL_PLACES)

_NAMES = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """The base of every table; constraints have names, so that a migration can find them."""

    metadata = MetaData(naming_convention=_NAMES)


class UtcDateTime(TypeDecorator[datetime.datetime]):
    """An aware time, kept in UTC; a naive one is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(
        self, value: datetime.datetime | None, dialect: Dialect
    ) -> datetime.datetime | None:
        """Turn an aware time into UTC; SQLite keeps it without its zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a time without a zone: {value}")
        in_utc = value.astimezone(datetime.UTC)
        return in_utc.replace(tzinfo=None) if dialect.name == "sqlite" else in_utc

    def process_result_value(
        self, value: datetime.datetime | None, dialect: Dialect
    ) -> datetime.datetime | None:
        """Return an aware time in UTC."""
        del dialect
        if value is None:
            return None
        if value.tzinfo is None:
            return value.replace(tzinfo=datetime.UTC)
        return value.astimezone(datetime.UTC)


class Points(TypeDecorator[Decimal]):
    """Exact points: NUMERIC on PostgreSQL; on SQLite, which has only floats, whole millionths."""

    impl = Numeric
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Choose the column's type."""
        if dialect.name == "sqlite":
            return dialect.type_descriptor(BigInteger())
        return dialect.type_descriptor(Numeric(18, DECIMAL_PLACES))

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> Decimal | int | None:
        """Refuse what is not exact."""
        if value is None:
            return None
        if not isinstance(value, Decimal):
            raise TypeError(f"points are Decimal, not {type(value).__name__}")
        try:
            exact = value.quantize(_QUANTUM, context=decimal.Context(traps=[decimal.Inexact]))
        except decimal.Inexact as error:
            raise ValueError(f"{value} has more than {DECIMAL_PLACES} places") from error
        return int(exact.scaleb(DECIMAL_PLACES)) if dialect.name == "sqlite" else exact

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        """Return a Decimal without zeros that say nothing."""
        if value is None:
            return None
        if dialect.name == "sqlite":
            value = Decimal(int(value)).scaleb(-DECIMAL_PLACES)
        normal = Decimal(value).normalize()
        return normal.quantize(Decimal(1)) if normal == normal.to_integral_value() else normal


class JsonText(TypeDecorator[Any]):
    """JSON as ASCII text, for what a student's program had a hand in.

    PostgreSQL's own JSON takes no NaN, no NUL, no lone surrogate, and makes 0.0 of -0.0.
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        """Write JSON, every other character escaped."""
        del dialect
        return None if value is None else json.dumps(value, separators=(",", ":"))

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        """Read it."""
        del dialect
        return None if value is None else json.loads(value)


def choice(kind: type[StrEnum]) -> Enum:
    """Return the type of a column that holds one of an enumeration's values, as plain text.

    The database does not list them: a new value must not need a new table on SQLite.
    """
    return Enum(
        kind,
        native_enum=False,
        create_constraint=False,
        length=32,
        values_callable=lambda members: [one.value for one in members],
    )


Id = BigInteger().with_variant(Integer(), "sqlite")
"""SQLite numbers rows by itself only under an INTEGER key."""
Json = JSON().with_variant(JSONB(), "postgresql")
Digest = String(64)
"""sha256 in hexadecimal."""
