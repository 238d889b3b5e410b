"""What the surroundings may decide: the variables COMPTOIR_* and nothing else."""

import difflib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

PREFIX = "COMPTOIR_"
PROJECT = Path(__file__).resolve().parent.parent


class SettingsError(ValueError):
    """A setting is wrong; the message is one sentence for the person who set it."""


class Settings(BaseSettings):
    """The settings of one process, read once at its start.

    `database_url` None means: the PostgreSQL of the data folder, started by `make run`.
    `rate_limit` counts requests per key and minute, 0 switches it off. `pool_size` counts connections per
    worker. `parent_pid` is set by `make run` for its workers, which end when that process is gone.
    """

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="forbid", env_ignore_empty=True)

    database_url: Annotated[str | None, Field(repr=False)] = None
    data_dir: Path = PROJECT / ".comptoir"
    page_dir: Path = PROJECT / "frontend" / "dist"
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=1, le=65_535)] = 8000
    workers: Annotated[int, Field(ge=1, le=64)] = 1
    pool_size: Annotated[int, Field(ge=1, le=100)] = 8
    rate_limit: Annotated[int, Field(ge=0)] = 6000
    demo: bool = True
    log_level: Literal["debug", "info", "warning", "error", "critical"] = "info"
    public_url: str | None = None
    parent_pid: int | None = None

    @field_validator("database_url")
    @classmethod
    def _is_postgresql(cls, url: str | None) -> str | None:
        if url is not None and not url.startswith(("postgresql://", "postgres://")):
            # The value is not repeated: it may hold a password.
            raise ValueError("it must begin with postgresql://")
        return url

    @field_validator("public_url")
    @classmethod
    def _is_web_address(cls, url: str | None) -> str | None:
        if url is not None and not url.startswith(("http://", "https://")):
            raise ValueError("it must begin with http:// or https://")
        return None if url is None else url.rstrip("/")

    @field_validator("data_dir", "page_dir")
    @classmethod
    def _absolute(cls, folder: Path) -> Path:
        return folder.expanduser().resolve()

    @property
    def chose_data_dir(self) -> bool:
        """Whether somebody named the data folder, so that no other may be taken instead."""
        return "data_dir" in self.model_fields_set


def load() -> Settings:
    """Read the settings from the environment.

    Raises SettingsError, in one line, for a bad value and for a COMPTOIR_ variable that does not exist.
    """
    _refuse_unknown(os.environ)
    try:
        return Settings()
    except ValidationError as error:
        raise SettingsError("; ".join(_sentences(error))) from error


def _refuse_unknown(environment: Mapping[str, str]) -> None:
    known = [PREFIX + name.upper() for name in Settings.model_fields]
    for name in environment:
        if name.upper().startswith(PREFIX) and name.upper() not in known:
            near = difflib.get_close_matches(name.upper(), known, n=1)
            hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(known)}."
            raise SettingsError(f"{name} is not a setting: {hint}")


def _sentences(error: ValidationError) -> list[str]:
    sentences = []
    for fault in error.errors(include_url=False):
        field = str(fault["loc"][0])
        reason = fault["msg"].removeprefix("Value error, ").replace("Input should", "it should")
        shown = "" if field == "database_url" else f" is {str(fault['input'])!r}"
        sentences.append(f"{PREFIX}{field.upper()}{shown}: {reason}.")
    return sentences
