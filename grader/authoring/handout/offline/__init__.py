"""The part of a handout's check that the server does not have: it runs at a student's."""
