"""What students get: the text, a starter, and a check of their own that knows no solution."""
