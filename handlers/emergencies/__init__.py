"""Emergencies: who leads, what is done, what is learnt."""
