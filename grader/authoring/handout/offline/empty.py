"""Nothing: in a handout this package holds what judging needs, and no more."""
