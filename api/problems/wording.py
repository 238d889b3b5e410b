"""How a problem is worded."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Wording:
    """A problem type: its status, and its title and detail in both languages; ``{fact}`` is filled in."""

    status: int
    title_fr: str
    title_en: str
    detail_fr: str
    detail_en: str
