"""What the logs look like, and what never stands in them: addresses of people and the secret part of links."""

import re
from typing import Any

import structlog

ADDRESS = re.compile(r"[^\s<>\"'(),;:]+@[^\s<>\"'(),;:]+")
LINK = re.compile(r"(/(?:p|feeds|hooks)/)[^\s/\"']+")


def without_people(_logger: Any, _method: str, event: dict[str, Any]) -> dict[str, Any]:
    """Mask e-mail addresses and link tokens in every text of a log line."""
    for name, value in event.items():
        if isinstance(value, str):
            event[name] = LINK.sub(r"\1***", ADDRESS.sub("***@***", value))
    return event


def logging_for(style: str) -> dict[str, Any]:
    """Logging settings: one line per event on standard error, as text or as JSON."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    last: Any = (
        structlog.processors.JSONRenderer()
        if style == "json"
        else structlog.dev.ConsoleRenderer(colors=False)
    )
    formatter = {
        "()": structlog.stdlib.ProcessorFormatter,
        "foreign_pre_chain": shared,
        "processors": [
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            without_people,
            last,
        ],
    }
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": formatter},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["stderr"], "level": "INFO"},
        "loggers": {"django.server": {"handlers": ["stderr"], "level": "INFO", "propagate": False}},
    }
