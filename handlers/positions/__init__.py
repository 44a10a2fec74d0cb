"""Position checks: whether people work as the manual's table of their post says."""
