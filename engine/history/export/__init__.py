"""Histories for other programs: XES, OCEL 2.0, CSV and JSON lines, written while they are read, so that memory does not grow with their length."""
