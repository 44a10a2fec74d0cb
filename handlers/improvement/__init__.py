"""The cycle of improvement: meetings, measures and their effect, praise, the service strategy, the survey of staff."""
