"""Key performance indicators and the monthly report, all from one computation."""
