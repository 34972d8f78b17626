"""What opening the reader can raise."""

from index.errors import ParleyError


class ReaderError(ParleyError):
    """The reader's weights cannot be used."""

    code = "reader_unavailable"
