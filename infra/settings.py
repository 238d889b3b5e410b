"""What the surroundings may decide: the variables COMPTOIR_* and nothing else."""

import difflib
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from infra.messaging.outlets import TEMPLATE, Gateway, Outlets, server_of, template_of

PREFIX = "COMPTOIR_"
SECRET = frozenset({"database_url", "smtp_url", "sms_url", "sms_token"})
"""Settings that may hold a password, and are never repeated."""
PROJECT = Path(__file__).resolve().parent.parent


class SettingsError(ValueError):
    """A setting is wrong; the message is one sentence for the person who set it."""


class Settings(BaseSettings):
    """The settings of one process, read once at its start.

    `database_url` None means: the PostgreSQL of the data folder, started by `make run`.
    `rate_limit` counts requests per key and minute, 0 switches it off. `pool_size` counts connections per
    worker. `parent_pid` is set by `make run` for its workers, which end when that process is gone. `smtp_url` and
    `mail_from` name the mail server and who writes, the `sms_` ones a gateway; without them messages are files in the folder
    `messages` of the data (docs/messages.md).
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
    smtp_url: Annotated[str | None, Field(repr=False)] = None
    mail_from: str | None = None
    sms_url: Annotated[str | None, Field(repr=False)] = None
    sms_template: str = TEMPLATE
    sms_token: Annotated[str | None, Field(repr=False)] = None
    sms_id: Annotated[str | None, Field(pattern="^(/[^/]*)+$")] = None

    @field_validator("database_url")
    @classmethod
    def _is_postgresql(cls, url: str | None) -> str | None:
        if url is not None and not url.startswith(("postgresql://", "postgres://")):
            # The value is not repeated: it may hold a password.
            raise ValueError("it must begin with postgresql://")
        return url

    @field_validator("smtp_url")
    @classmethod
    def _is_mail_server(cls, url: str | None) -> str | None:
        if url is not None:
            server_of(url)
        return url

    @field_validator("mail_from")
    @classmethod
    def _is_mail_address(cls, address: str | None) -> str | None:
        if address is not None and re.fullmatch(r"[^@\s<>\",;]+@[A-Za-z0-9.-]+", address) is None:
            raise ValueError("it must be an e-mail address")
        return address

    @field_validator("sms_template")
    @classmethod
    def _is_sms_template(cls, text: str) -> str:
        template_of(text)
        return text

    @field_validator("sms_url")
    @classmethod
    def _is_gateway(cls, url: str | None) -> str | None:
        if url is not None and not url.startswith(("http://", "https://")):
            raise ValueError("it must begin with http:// or https://")
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
    def public_address(self) -> str:
        """Where customers reach this server, as links in messages say it."""
        return self.public_url or f"http://{self.host}:{self.port}"

    @property
    def outlets(self) -> Outlets:
        """Where messages leave the house."""
        sms = None
        if self.sms_url is not None:
            sms = Gateway(url=self.sms_url, template=self.sms_template, token=self.sms_token, id_pointer=self.sms_id)
        return Outlets(
            folder=self.data_dir / "messages",
            mail=server_of(self.smtp_url) if self.smtp_url is not None else None,
            sender=self.mail_from,
            sms=sms,
        )

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
        settings = Settings()
    except ValidationError as error:
        raise SettingsError("; ".join(_sentences(error))) from error
    if settings.smtp_url is not None and settings.mail_from is None:
        raise SettingsError("COMPTOIR_SMTP_URL needs COMPTOIR_MAIL_FROM: the address that writes to customers.")
    return settings


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
        shown = "" if field in SECRET else f" is {str(fault['input'])!r}"
        sentences.append(f"{PREFIX}{field.upper()}{shown}: {reason}.")
    return sentences
