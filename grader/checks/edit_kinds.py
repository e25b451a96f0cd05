"""Which kinds of edit of a program there are, the likelier mistakes first."""

from __future__ import annotations

_LIKELIHOOD = {
    kind: rank
    for rank, kinds in enumerate(
        (
            "sign transpose axis mask_out one_hot_out divisor_out index copy rebind add_at",
            "mask_name exponent bring_in bring_out compare column keepdims division inverse",
            "mask_in one_hot_in function",
            "constant accumulate overwrite name statement_out statement_swap refresh term_out",
            "factor_out move",
            "divisor_in factor_in power",
            "term_in brackets operator",
            "item_swap arguments order negate",
        )
    )
    for kind in kinds.split()
}


ORDER = tuple(_LIKELIHOOD)
"""In which edits are tried, so that a slow program has its likelier ones tried in time."""
PAIRED = tuple(kind for kind, rank in _LIKELIHOOD.items() if rank <= _LIKELIHOOD["function"])
"""The kinds of which two are tried together where no single edit mends anything."""


def likelihood(kind: str) -> int:
    """Return the rank of a kind of edit among those that explain the same: 0 for the likeliest."""
    return _LIKELIHOOD.get(kind, len(_LIKELIHOOD))
