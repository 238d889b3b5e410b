"""What PgQueuer has to say, as lines of our own log."""

import logging

import structlog

log = structlog.get_logger("pgqueuer")


class Forward(logging.Handler):
    """Hands records of the standard library's logging to structlog.

    What PgQueuer reports of a lost connection is told once by the runner, in one line: tracebacks are for its errors only.
    """

    def emit(self, record: logging.LogRecord) -> None:
        said = record.getMessage()
        if record.levelno >= logging.ERROR:
            log.warning(said, fault=repr(record.exc_info[1]) if record.exc_info else None)
        else:
            log.debug(said)


def forward() -> None:
    """Forward PgQueuer's logs, once."""
    theirs = logging.getLogger("pgqueuer")
    if not any(isinstance(each, Forward) for each in theirs.handlers):
        theirs.addHandler(Forward())
        theirs.setLevel(logging.INFO)
        theirs.propagate = False
