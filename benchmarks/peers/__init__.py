"""Retrieval of Parley beside that of well-known libraries: the same documents and questions, one process a system."""
