"""The files that paths stand for: themselves, or all that a folder holds, never anything outside of it."""

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from index.errors import DocumentError


@dataclass(frozen=True, slots=True)
class Refusal:
    """A file, a line of one, or an address that was left out; `message` says why and what to do."""

    path: str
    message: str


def find_files(path: Path) -> Iterator[Path | Refusal]:
    """The file, or the files in the folder by name; hidden ones and links to folders are passed over.

    Raises DocumentError for a path that does not exist.
    """
    try:
        folder = stat.S_ISDIR(path.stat().st_mode)
    except PermissionError:
        yield unreadable(path)
        return
    except (OSError, ValueError) as error:
        raise DocumentError(f"{shown(path)} does not exist; check its spelling, or leave it out") from error
    if not folder:
        yield path
        return
    closed: list[OSError] = []
    inside = os.path.realpath(path)
    for parent, folders, names in os.walk(path, onerror=closed.append):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        links = [name for name in folders if os.path.islink(os.path.join(parent, name))]
        for name in sorted([*links, *names]):
            if not name.startswith("."):
                yield from _file_in_folder(Path(parent, name), inside)
    yield from (unreadable(Path(error.filename)) for error in closed)


def _file_in_folder(path: Path, folder: str) -> Iterator[Path | Refusal]:
    """The path itself; a refusal where it is a link that leads out; nothing for a link to a folder inside."""
    target = os.path.realpath(path)
    if path.is_symlink() and os.path.commonpath([target, folder]) != folder:
        yield Refusal(shown(path), "it is a link that leads out of the folder; name what it leads to instead")
    elif not os.path.isdir(path):
        yield path


def unreadable(path: Path) -> Refusal:
    return Refusal(shown(path), "it may not be read by this user; change its permissions, or leave it out")


def shown(path: Path) -> str:
    """The path as text that can be stored: names on disk need not be UTF-8."""
    return os.fsencode(path).decode("utf-8", "replace")
