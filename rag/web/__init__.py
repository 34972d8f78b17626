"""The ways in: the page, the HTTP API and the source pages."""
