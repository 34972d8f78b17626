"""The exceptions that Parley raises on purpose.

Each message says what failed, the offending value and the next step; `code` is what programs read
(the HTTP API puts it into `{"error": {"code", "message"}}`).
"""


class ParleyError(Exception):
    """Base of every error that a user can cause or cure."""

    code = "error"


class SettingsError(ParleyError):
    """A setting is missing or has a value that cannot be used."""

    code = "bad_setting"


class DocumentError(ParleyError):
    """A document cannot be read as it stands; the others still can."""

    code = "bad_document"


class StorageError(ParleyError):
    """The home folder cannot be read or written: full, read-only, damaged or newer than this code."""

    code = "storage"


class LockedError(StorageError):
    """Another process is writing to the same home."""

    code = "locked"


class EmbedderError(ParleyError):
    """The embedding model cannot be loaded, or its files are not the ones that were published."""

    code = "embedder"


class RerankerError(ParleyError):
    """The cross-encoder that was asked for cannot be loaded or is of no use for ordering passages."""

    code = "reranker"


class IndexNotReadyError(ParleyError):
    """The index is empty, still being built, or was made by another embedder."""

    code = "index_not_ready"
