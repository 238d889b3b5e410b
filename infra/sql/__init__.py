"""Long statements, one named file each; the first line says what it is for."""

from functools import cache
from pathlib import Path


@cache
def sql(name: str) -> str:
    """The statement in ``name``.sql."""
    return (Path(__file__).parent / f"{name}.sql").read_text(encoding="utf-8")
