"""Six weeks of the demo office, played on the engine with a simulated clock: calls come in, people do their tasks, some of them late."""
