"""A model of the sentence-transformers library: out of a folder, a cache, or the Hugging Face hub."""

import logging
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from index.errors import ParleyError

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder, SentenceTransformer

_HUB_NAME = re.compile(r"\w[\w.-]*(/\w[\w.-]*)?")
# The question to the hub fails at once where the hub or the model can't be reached; loading would retry for a minute.
_DOWNLOAD = """
import sys, huggingface_hub
huggingface_hub.HfApi().model_info(sys.argv[1], timeout=10)
import sentence_transformers
getattr(sentence_transformers, sys.argv[3])(sys.argv[1], cache_folder=sys.argv[2], device="cpu")
"""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Kind:
    """A class of the library, with what errors say about it: what it is, what to do without it, what is raised."""

    loader: Literal["SentenceTransformer", "CrossEncoder"]
    role: str
    otherwise: str
    error: type[ParleyError]


def load_model(kind: Kind, name: str, cache: Path) -> "SentenceTransformer | CrossEncoder":
    """The model in the folder `name`, or the one of that name on the hub; raises `kind.error`.

    A hub model that is not on this machine yet is downloaded into `cache`, whatever HF_HUB_OFFLINE says: naming it
    asks for it.
    """
    if Path(name).exists():
        return load_local(kind, name)
    if not _HUB_NAME.fullmatch(name):
        raise kind.error(f"the {kind.role} {name!r} is neither a folder nor a name as on the Hugging Face hub")
    for folder in (None, cache):  # the cache that all programs of this user share, then our own
        try:
            return load_local(kind, name, folder)
        except kind.error:
            continue
    _download(kind, name, cache)
    return load_local(kind, name, cache)


def load_local(kind: Kind, name: str, cache: Path | None = None) -> "SentenceTransformer | CrossEncoder":
    """The model as it lies on this machine; raises `kind.error` where it doesn't."""
    import sentence_transformers

    load = getattr(sentence_transformers, kind.loader)
    try:
        return load(name, cache_folder=cache and str(cache), local_files_only=True)
    except (OSError, ValueError, KeyError, RuntimeError, ImportError) as error:
        raise kind.error(f"the {kind.role} {name!r} cannot be loaded: {_first_line(error)}") from error


def _download(kind: Kind, name: str, cache: Path) -> None:
    """Fill `cache` in a process of its own: the offline switch is read once, when the library is imported."""
    log.warning("downloading the %s %s from the Hugging Face hub into %s", kind.role, name, cache)
    process = subprocess.run(
        [sys.executable, "-c", _DOWNLOAD, name, str(cache), kind.loader],
        env=os.environ | {"HF_HUB_OFFLINE": "0", "TRANSFORMERS_OFFLINE": "0"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    if process.returncode:
        reason = (process.stderr.strip().splitlines() or [f"exit status {process.returncode}"])[-1]
        raise kind.error(
            f"the {kind.role} {name!r} is neither a folder nor on this machine, and downloading it failed "
            f"({reason[:300]}); check the name and the network, or {kind.otherwise}"
        )


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:300]
