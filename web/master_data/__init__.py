"""资料: the pages of master data, all made from the descriptions in `handlers.master_data.kinds`."""

import web.master_data.audit
import web.master_data.changing
import web.master_data.files  # noqa: F401 -- they add their routes to the blueprint
from web.master_data.routes import blueprint

__all__ = ["blueprint"]
