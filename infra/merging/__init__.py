"""Merging cards: one engine for every table that names a customer, found in the catalogue (C9, U1)."""

from infra.merging.engine import SqlMerges

__all__ = ["SqlMerges"]
