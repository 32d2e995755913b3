"""Several counties at once, and where their tasks run."""
