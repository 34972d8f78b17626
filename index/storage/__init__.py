"""The SQLite truth and the Chroma cache beside it."""
