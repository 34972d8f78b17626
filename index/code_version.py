"""Which version of Parley's own code made something, so that what an older one made is made again."""

import hashlib
from functools import cache
from pathlib import Path

_PACKAGE = Path(__file__).parent


@cache
def code_id(*patterns: str) -> str:
    """Twelve digits that change with the files of `index/` that any of `patterns` names."""
    files = sorted({path for pattern in patterns for path in _PACKAGE.glob(pattern) if path.is_file()})
    digest = hashlib.sha256()
    for path in files:
        digest.update(path.relative_to(_PACKAGE).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]
