"""Answers written by a language model out of the passages that were found, each sentence checked before it is shown."""
