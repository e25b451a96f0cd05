"""What one check, and a whole submission, may use."""

from pydantic import Field

from grader.spec.quantities import GIB, KIB, PositiveDurationS, SizeBytes
from grader.spec.schema import SpecModel


class Limits(SpecModel):
    """The limits of a check; `total_time_s` is the whole submission's."""

    wall_time_s: PositiveDurationS = Field(default=10.0, validation_alias="wall_time")
    """Time of one check on the clock."""
    cpu_time_s: PositiveDurationS = Field(default=5.0, validation_alias="cpu_time")
    """Time of one check on the processor."""
    memory_bytes: SizeBytes = Field(default=1 * GIB, validation_alias="memory")
    """Memory of the box."""
    output_bytes: SizeBytes = Field(default=64 * KIB, validation_alias="output")
    """What a check may print."""
    total_time_s: PositiveDurationS = Field(default=60.0, validation_alias="total_time")
    """Time of the whole submission."""
