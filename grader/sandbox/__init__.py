"""Runs programs in jails: inputs in, arrays out, an exit and its cost. Knows nothing of points."""
