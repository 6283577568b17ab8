"""Scorers: what drives the outcome, what causes friction. Each is a frozen class of settings, found through entry points."""
