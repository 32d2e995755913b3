"""Verbs, exit codes, and what the terminal shows."""
