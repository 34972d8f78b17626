"""What a sync has to do: the loaded documents held against the stored ones. Decides only; nothing is written.

A stored document belongs to the file it came from. Syncing a folder or file mirrors it: a document whose file is gone
goes too. Documents from elsewhere, and those that were added by `add`, stay; so do those from the web, for feeds forget
their older entries and pages disappear.
"""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from index.documents.folders import Refusal
from index.documents.loading import UPLOADED, Loaded, LoadedDocument
from index.documents.memory import Kept
from index.documents.web.addresses import is_url
from index.storage.store import StoredDocument

ADDED = "added"  # the root of documents that `add` brought, which no sync removes


@dataclass(frozen=True, slots=True)
class Plan:
    """`unchanged` and `moved` have the content that is stored; the moved ones come from another place now."""

    added: list[LoadedDocument]
    changed: list[LoadedDocument]
    unchanged: list[LoadedDocument | Kept]
    moved: list[LoadedDocument | Kept]
    removed: list[str]
    refusals: list[Refusal]


def plan_changes(stored: Mapping[str, StoredDocument], loaded: Loaded, synced: Iterable[Path]) -> Plan:
    """The plan for `loaded`, read from the `synced` paths; without any, nothing is removed and the root is `added`."""
    roots = [_real(path) for path in synced]
    plan = Plan([], [], [], [], [], [])
    origins: dict[str, str] = {}  # one file may hold thousands of documents
    for found in loaded.documents:
        known = stored.get(found.id)
        if found.path not in origins:
            origins[found.path] = origin(found)
        path = origins[found.path]
        if isinstance(found, Kept) and known is None:
            continue  # another process removed it while the web was being waited for
        if known is None:
            plan.added.append(found)
        elif _is_taken(known, path, roots):
            plan.refusals.append(_duplicate(found, known))
        elif isinstance(found, LoadedDocument) and known.content_hash != found.content_hash:
            plan.changed.append(found)
        elif (known.root, known.path) == (_root_of(path, roots), path):
            plan.unchanged.append(found)
        else:
            plan.moved.append(found)
    refused = [place for refusal in loaded.refusals for place in _places(refusal)]
    ids = {found.id for found in loaded.documents}
    missing = [known for known in stored.values() if known.id not in ids and _mirrors(known, roots)]
    kept = [known for known in missing if _within(known.path, refused)]
    plan.removed.extend(sorted({known.id for known in missing} - {known.id for known in kept}))
    plan.refusals.extend(_with_kept(refusal, kept) for refusal in loaded.refusals)
    return plan


def origin(found: LoadedDocument | Kept) -> str:
    """The file that a document came from, by a path that holds from any working folder, or its web address."""
    return os.path.realpath(found.path) if _is_file(found.path) else found.path


def root_of(path: str, synced: Iterable[Path]) -> str:
    """The synced path that `path` lies in, or `added`."""
    return _root_of(path, [_real(root) for root in synced])


def _root_of(path: str, roots: Iterable[Path]) -> str:
    return next((str(root) for root in roots if Path(path).is_relative_to(root)), ADDED)


def _is_file(path: str) -> bool:
    return not is_url(path) and not path.startswith(UPLOADED)


def _real(path: Path) -> Path:
    return Path(os.path.realpath(path))


def _places(refusal: Refusal) -> list[Path]:
    """Where a document of the refused file may have come from: what it leads to if it is a link, and itself."""
    path = Path(refusal.path)
    return [_real(path), _real(path.parent) / path.name]


def _within(path: str, places: Iterable[Path]) -> bool:
    return any(Path(path).is_relative_to(place) for place in places)


def _mirrors(known: StoredDocument, roots: list[Path]) -> bool:
    return known.root != ADDED and _within(known.path, roots)


def _is_taken(known: StoredDocument, path: str, roots: list[Path]) -> bool:
    """Whether the id belongs to another file, one that still exists and that this sync does not mirror."""
    if known.path == path or _within(known.path, roots) or (not roots and known.root == ADDED):
        return False
    return is_url(known.path) or os.path.exists(known.path)


def _duplicate(found: LoadedDocument, known: StoredDocument) -> Refusal:
    message = f"id {known.id!r} is already that of {known.path}; give one of them another id, or remove the other"
    return Refusal(found.path, message)


def _with_kept(refusal: Refusal, kept: list[StoredDocument]) -> Refusal:
    """The refusal, saying which documents stay as they were last read from there."""
    ids = [known.id for known in kept if _within(known.path, _places(refusal))]
    if not ids:
        return refusal
    shown = ", ".join(ids[:3]) + (f" and {len(ids) - 3} more" if len(ids) > 3 else "")
    return replace(refusal, message=f"{refusal.message} (the last good version of {shown} stays)")
