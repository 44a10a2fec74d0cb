"""Demo data: an office in Wuhan, its customers and six weeks of work."""
