"""Many cases of one process at a glance: a map with figures, its variants, a day that moves."""

from web.mining.routes import blueprint

__all__ = ["blueprint"]
