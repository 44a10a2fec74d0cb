"""导出: the histories of cases as files for other programs, and the record of who read which history."""

from web.exports.routes import blueprint

__all__ = ["blueprint"]
