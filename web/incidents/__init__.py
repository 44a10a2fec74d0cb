"""异常: what the engine could not do by itself, for the operator."""

from web.incidents.routes import blueprint

__all__ = ["blueprint"]
