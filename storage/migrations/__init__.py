"""Alembic's scripts and the one call that brings a database up to date."""
