"""One user task: its form beside the manual, what happened before, who does it, and the files of a case."""

import web.tasks.attachments
import web.tasks.commands  # noqa: F401 -- they add their routes to the blueprint
from web.tasks.routes import blueprint

__all__ = ["blueprint"]
