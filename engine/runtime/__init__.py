"""SpiffWorkflow behind one door: instances, user tasks, jobs, timers, messages, incidents."""
