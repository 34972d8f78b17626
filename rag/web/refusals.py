"""The exceptions of requests that are turned away for now, with the time after which they may be sent again."""

from index.errors import ParleyError


class RefusedError(ParleyError):
    """Answered with 429; after `retry_after_s` seconds, at least 1, it is worth trying again."""

    code = "too_many_requests"

    def __init__(self, message: str, retry_after_s: int) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s
