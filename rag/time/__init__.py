"""Time in questions: expressions, events, and which documents are of that time."""
