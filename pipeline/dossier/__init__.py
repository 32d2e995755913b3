"""The month's facts, counted and traceable; documents see nothing else."""
