"""The one exception that is meant for people: an operator's fault, told as a sentence that says what to do."""


class PipelineError(Exception):
    """Something outside the filled workbooks is wrong (a folder, a template, the installation); its text is Chinese."""
