"""Makes the wrong solutions: a program of its own, which runs in the box and imports nothing else.

An author's text is parsed, so this is nothing for our own process; tests may call it on texts of
their own.
"""
