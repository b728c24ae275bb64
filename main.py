"""Verbs and arguments only."""
