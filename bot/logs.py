"""The log: one line per event on standard error, without secrets and without local variables."""

import logging
import sys

import structlog


def configure(level: str) -> None:
    """Send structlog and the libraries' own loggers to standard error from `level` up."""
    logging.basicConfig(
        stream=sys.stderr, level=max(logging.getLevelName(level), logging.WARNING), format="%(message)s"
    )
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.StackInfoRenderer(),
            structlog.processors.format_exc_info,
            structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level)),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
