"""Machine-made wrong solutions, and which of them the checks of an assignment find."""
