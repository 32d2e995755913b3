"""Workbooks that clerks receive, and the guide to filling them in."""
