"""Measures what Opsbook costs: `make bench`, or `python -m bench --help`. What is measured is in `bench/sections`, one file each."""
