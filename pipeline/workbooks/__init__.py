"""Workbooks that go out to clerks, and the guide to filling them in."""
