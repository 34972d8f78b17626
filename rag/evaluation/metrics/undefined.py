"""The one exception of the metrics."""


class UndefinedError(ValueError):
    """The metric has no value here: there is nothing to divide by. Such a question is left out and not counted."""
