"""Passages to the sentences that answer, or to silence."""
