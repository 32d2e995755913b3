"""The catalogue of faults that belong to no rule of a sheet: number, severity, sentence and what each hides."""
