"""The web application: pages for staff, auditors and operators. Depends on handlers and engine, never the other way round."""
