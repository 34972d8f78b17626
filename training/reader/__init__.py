"""Our own small cross-encoder: does this passage answer this question, is this claim supported, and by which words.

What a caller needs is `Reader.open()`. Nothing is loaded before it is called.
"""

from training.reader.reader import Evidence, Reader, Reading

__all__ = ["Evidence", "Reader", "Reading"]
