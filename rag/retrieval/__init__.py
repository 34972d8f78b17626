"""A question to ordered passages."""
