"""What a file is, and what its cells hold; knows no rule."""
