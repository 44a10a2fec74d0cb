"""The outbox: mail that waits for a mail server."""

from web.mail.routes import blueprint

__all__ = ["blueprint"]
