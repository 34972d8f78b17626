"""One metric a file, each a pure function with its definition and source.

A function raises UndefinedError where its metric is undefined (no relevant document, no sentence); whoever averages
decides what that means and says how many were scored.
"""
