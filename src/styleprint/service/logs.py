"""Structured logs: one JSON object a line on stderr. Neither names nor contents of files are in them."""

import json
import logging
import logging.config
import time
from typing import Any

__all__ = ["JsonLines", "configure_logs"]


class JsonLines(logging.Formatter):
    """A record as one line of JSON: time (UTC), level, event, and the fields that came with it."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        moment = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
        found: dict[str, Any] = {
            "time": f"{moment}.{int(record.msecs):03d}Z",
            "level": record.levelname.lower(),
            "event": record.getMessage(),
        }
        found |= getattr(record, "fields", {})
        if record.exc_info:
            found["traceback"] = self.formatException(record.exc_info)
        return json.dumps(found)


def configure_logs(level: str) -> None:
    """Send what the service and its server say to stderr.

    Parameters
    ----------
    level : str
        ``info`` for a line a request, ``warning`` for faults alone.
    """
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {"lines": {"()": JsonLines}},
            "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "lines"}},
            "loggers": {
                name: {"handlers": ["stderr"], "level": level.upper(), "propagate": False}
                for name in ("styleprint", "uvicorn")
            },
        }
    )
