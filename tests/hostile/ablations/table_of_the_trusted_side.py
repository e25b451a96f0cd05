"""The rows of what is held outside: clocks and counters, and the strict decoder of frames."""

from __future__ import annotations

from .alterations import Allowance, Alteration, Decoder, Limit, Unwatched
from .row import LANDLOCK, OUR_FAILURE, Row


def _outside(defence: str, off: Alteration, program: str, gets: str) -> list[Row]:
    """A defence on the trusted side, to which the tier makes no difference."""
    return [Row(defence, (off,), program, gets, tiers=LANDLOCK)]


TRUSTED_SIDE: list[Row] = [
    # Limits that are held outside
    *_outside("wall time", Limit("wall_time_s", 30.0), "asleep_past_the_limit", "passed"),
    *_outside("CPU time", Limit("cpu_time_s", 30.0), "busy_past_the_limit", "passed"),
    *_outside("printed text", Limit("output_bytes", 1 << 20), "printed_past_the_limit", "passed"),
    *_outside(
        "size of results", Allowance(), "frame_of_2_to_60_bytes", "time_limit"
    ),
    *_outside("folder looked at: bytes", Unwatched(), "disk_filled", "wrong_answer"),
    *_outside("folder looked at: entries", Unwatched(), "inodes_filled", "wrong_answer"),
    # The decoder
    *_outside(
        "decoder: depth",
        Decoder("if depth <= 0:", "if False:"),
        "nested_lists_on_the_wire",
        OUR_FAILURE,
    ),
    Row(
        "decoder: number of items",
        (
            Decoder("if self.items_left < 0:", "if False:"),
            Decoder("min(self.items_left, len(self.rest))", "len(self.rest)"),
        ),
        "forged_list_of_nothing",
        "wrong_answer",
        tiers=LANDLOCK,
    ),
    *_outside(
        "decoder: length of a text",
        Decoder("if n > self.caps.text_bytes:", "if False:"),
        "forged_long_text",
        "wrong_answer",
    ),
    *_outside(
        "decoder: UTF-8",
        Decoder('str(self.take(n), "utf-8")', 'str(self.take(n), "utf-8", "replace")'),
        "forged_text",
        "wrong_answer",
    ),
    *_outside(
        "decoder: dimensions",
        Decoder("if ndim > MAX_NDIM:", "if False:"),
        "forged_dimensions",
        "wrong_shape",
    ),
    *_outside(
        "decoder: booleans",
        Decoder("if code == 6 and", "if False and"),
        "forged_booleans",
        "wrong_answer",
    ),
    *_outside(
        "decoder: nothing after the value",
        Decoder("if reader.rest:", "if False:"),
        "forged_bytes_after_the_value",
        "passed",
    ),
]
