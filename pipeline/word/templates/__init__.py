"""Whether a template is right: its tags, what it uses, what it would lose; knows no month."""
