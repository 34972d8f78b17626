"""Documents from the web: which addresses may be asked, connecting to them, and fetching within limits."""
