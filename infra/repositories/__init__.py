"""Aggregates in and out of PostgreSQL: one module each, one statement to load, one part of a statement to save."""
