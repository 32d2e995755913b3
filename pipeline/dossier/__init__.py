"""The month's facts, counted and traceable; all that documents may see."""
