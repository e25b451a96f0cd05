"""Alembic's migrations: the same for SQLite and PostgreSQL."""
