"""Projects at a customer's site: the team, its days on site, what was witnessed and handed over."""
