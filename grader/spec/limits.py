"""What one check, and a whole submission, may use."""

from pydantic import Field

from grader.spec.quantities import GIB, KIB, PositiveDurationS, SizeBytes
from grader.spec.schema import SpecModel


class Limits(SpecModel):
    """The limits of a check; `total_time_s` is the whole submission's."""

    wall_time_s: PositiveDurationS = Field(default=10.0, validation_alias="wall_time")
    cpu_time_s: PositiveDurationS = Field(default=5.0, validation_alias="cpu_time")
    memory_bytes: SizeBytes = Field(default=1 * GIB, validation_alias="memory")
    output_bytes: SizeBytes = Field(default=64 * KIB, validation_alias="output")
    total_time_s: PositiveDurationS = Field(default=60.0, validation_alias="total_time")
