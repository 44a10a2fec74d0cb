"""Complaints of customers, the head's log, and case studies."""
