"""Brings the collection in step with files: load, compare, cut, embed what is new, publish.

Readers see the old state until all of it is there. `sync` mirrors folders, `add` and `remove` change single
documents, `rebuild` makes everything that was derived again.
"""

import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from index.changes import Plan, origin, plan_changes, root_of
from index.derivation import Derived, derivation_id, derive, text_hash
from index.documents.folders import Refusal
from index.documents.loading import Loaded, Place, Upload, load_paths
from index.documents.memory import Memory, Noted
from index.documents.web.addresses import is_url
from index.documents.web.pages import Note
from index.embed_missing import embed_missing
from index.embedding import Embedder
from index.errors import DocumentError
from index.progress import Paced
from index.publish import Change, Move, Put, publish
from index.remembering import recall, remember
from index.settings import Settings
from index.storage.dense import DamagedIndexError
from index.storage.generations import open_generations
from index.storage.lock import WriteLock
from index.storage.store import State, Store
from index.text.names import Names, load_names
from index.types import Document, Progress

OnProgress = Callable[[Progress], None]

CHUNKS_WITH_SENTENCES = 5_000  # of one write; sentences take twice as long as their chunks


@dataclass(frozen=True, slots=True)
class SyncReport:
    """What a write did, or a dry run would do: document ids, the number of chunks embedded, the new index version.

    `seconds` is the time until the documents answered.
    """

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    notes: tuple[Note, ...] = ()
    embedded: int = 0
    seconds: float = 0.0
    version: str | None = None


def sync(
    settings: Settings,
    embedder: Embedder,
    paths: Sequence[Place] = (),
    on_progress: OnProgress = lambda progress: None,
    *,
    dry_run: bool = False,
) -> SyncReport:
    """Mirror `paths`, by default the seeds. A file that is refused keeps its last good version.

    What has not changed since it was read is not read again. Nothing that came from web addresses (strings) is removed,
    and an article of a feed that was removed stays away until the feed says something new of it.
    Raises DocumentError for a path that does not exist, LockedError, StorageError, EmbedderError.
    """
    places = list(paths) or [settings.seeds]
    mirrored = [Path(place) for place in places if not isinstance(place, Upload) and not is_url(str(place))]
    write = _Write(settings, embedder, Paced(on_progress), dry_run, load_names(settings.names))
    return write.run(places, mirrored)


def add(
    settings: Settings,
    embedder: Embedder,
    paths: Sequence[Place],
    on_progress: OnProgress = lambda progress: None,
    *,
    dry_run: bool = False,
) -> SyncReport:
    """Add or replace the documents at `paths`, files or web addresses, all of which are read.

    Nothing is removed, now or by a later sync of where they came from.
    """
    write = _Write(settings, embedder, Paced(on_progress), dry_run, load_names(settings.names), anew=True)
    return write.run(list(paths), mirrored=[])


def remove(
    settings: Settings, document_ids: Sequence[str], on_progress: OnProgress = lambda progress: None
) -> SyncReport:
    """Remove documents. Raises DocumentError, and removes none, if one of them is not there."""
    started, on_progress = time.monotonic(), Paced(on_progress)
    with WriteLock(settings.home), Store.open(settings.database, create=True) as store:
        stored = store.stored_documents()
        unknown = [document_id for document_id in document_ids if document_id not in stored]
        if unknown:
            raise DocumentError(f"there is no document {unknown[0]!r}; `python -m index list` shows those there are")
        model_id = store.state().model_id or ""
        change = Change(removals=list(dict.fromkeys(document_ids)))
        state = publish(store, open_generations(settings), model_id, change, on_progress)
    return SyncReport(removed=tuple(change.removals), seconds=time.monotonic() - started, version=state.index_version)


def rebuild(settings: Settings, embedder: Embedder, on_progress: OnProgress = lambda progress: None) -> SyncReport:
    """Make chunks, lexical and dense index again from the stored documents; stored embeddings are used again."""
    started, on_progress = time.monotonic(), Paced(on_progress)
    with WriteLock(settings.home), Store.open(settings.database, create=True) as store:
        names = load_names(settings.names)
        puts, refusals = _derive_stored(store, embedder, names, set(), on_progress)
        embedded = embed_missing(store, embedder, _chunk_texts(puts), on_progress)
        state = publish(
            store,
            open_generations(settings),
            embedder.model_id,
            Change(puts),
            on_progress,
            fresh=True,
            derivation=derivation_id(names),
        )
    seconds = time.monotonic() - started
    _embed_sentences(settings, embedder, puts, on_progress)
    return SyncReport(
        unchanged=tuple(put.derived.document.id for put in puts),
        refusals=tuple(refusals),
        embedded=embedded,
        seconds=seconds,
        version=state.index_version,
    )


def repair_dense(settings: Settings, model_id: str) -> str | None:
    """The generation that can be read: the current one if it is whole, else one built again from SQLite."""
    with WriteLock(settings.home), Store.open(settings.database) as store:
        generations = open_generations(settings)
        generation = store.state().generation
        if generation:
            try:
                generations.require_whole(generation)
                return generation
            except DamagedIndexError:
                pass
        return publish(store, generations, model_id, Change(), lambda progress: None, fresh=True).generation


@dataclass(slots=True)
class _Write:
    """One `sync` or `add`."""

    settings: Settings
    embedder: Embedder
    on_progress: OnProgress
    dry_run: bool
    names: Names
    anew: bool = False  # read also what has not changed

    def run(self, places: list[Place], mirrored: list[Path]) -> SyncReport:
        started = time.monotonic()
        # Others may write while the web is being waited for; files are read as they stand when it is this write's turn.
        addresses = [place for place in places if isinstance(place, str) and is_url(place)]
        fetched, noted = None, []
        if addresses:
            self.on_progress(Progress("reading from the web", 0, 0))
            fetched, noted = self._load_from_web(addresses)
        with self._store() as store:
            memory = Memory() if self.anew else recall(store)
            memory.noted += noted
            loaded = self._load([place for place in places if place not in addresses], memory, fetched)
            plan = plan_changes(store.stored_documents(), loaded, mirrored)
            puts, refusals = self._derive(store, plan, mirrored)
            moves = [Move(f.id, root_of(origin(f), mirrored), origin(f)) for f in plan.moved]
            change = Change(puts, moves, plan.removed)
            if self.dry_run:
                embedded = len(store.missing_embeddings(_chunk_texts(puts), self.embedder.model_id))
                version = store.state().index_version
            else:
                embedded = embed_missing(store, self.embedder, _chunk_texts(puts), self.on_progress)
                version = self._publish(store, change).index_version
                remember(store, memory)
        seconds = time.monotonic() - started
        if not self.dry_run:
            _embed_sentences(self.settings, self.embedder, puts, self.on_progress)
        put = {put.derived.document.id for put in puts}
        return SyncReport(
            added=tuple(f.document.id for f in plan.added if f.document.id in put),
            changed=tuple(f.document.id for f in plan.changed if f.document.id in put),
            removed=tuple(plan.removed),
            unchanged=tuple(f.id for f in (*plan.unchanged, *plan.moved)),
            refusals=(*plan.refusals, *refusals),
            notes=(*loaded.notes, *_undated(plan, put)),
            embedded=embedded,
            seconds=seconds,
            version=version,
        )

    def _load_from_web(self, addresses: list[str]) -> tuple[Loaded, list[Noted]]:
        memory = Memory()
        if not self.anew and self.settings.database.exists():
            with Store.open(self.settings.database) as store:
                memory = recall(store)
        return self._load(addresses, memory), memory.noted

    def _load(self, places: Sequence[Place], memory: Memory, after: Loaded | None = None) -> Loaded:
        allowed = self.settings.allow_private_urls
        return load_paths(places, allow_private_urls=allowed, memory=memory, after=after)

    @contextmanager
    def _store(self) -> Iterator[Store]:
        """The store, locked for writing; a dry run reads what there is and leaves no trace."""
        if not self.dry_run:
            with WriteLock(self.settings.home), Store.open(self.settings.database, create=True) as store:
                yield store
        elif self.settings.database.exists():
            with Store.open(self.settings.database) as store:
                yield store
        else:
            with (
                tempfile.TemporaryDirectory(prefix="parley-") as folder,
                Store.open(Path(folder) / "empty.sqlite3", create=True) as store,
            ):
                yield store

    def _derive(self, store: Store, plan: Plan, mirrored: list[Path]) -> tuple[list[Put], list[Refusal]]:
        """What is to be stored. After a change of embedder or of cutting, that is every document."""
        puts: list[Put] = []
        refusals: list[Refusal] = []
        found = [*plan.added, *plan.changed]
        for done, item in enumerate(found):
            self.on_progress(Progress("cutting", done, len(found)))
            try:
                derived = derive(item.document, self.embedder, self.names)
            except DocumentError as error:
                refusals.append(Refusal(item.path, str(error)))
            else:
                puts.append(Put(derived, item.content_hash, root_of(origin(item), mirrored), origin(item)))
        state = store.state()
        if (state.model_id, state.derivation) != (self.embedder.model_id, derivation_id(self.names)):
            settled = {put.derived.document.id for put in puts}.union(plan.removed)
            again, more = _derive_stored(store, self.embedder, self.names, settled, self.on_progress)
            return puts + again, refusals + more
        return puts, refusals

    def _publish(self, store: Store, change: Change) -> State:
        """The state after the change; where nothing changes, the one before, its dense index seen to be whole."""
        generations = open_generations(self.settings)
        state = store.state()
        derivation = derivation_id(self.names)
        same_index = (state.model_id, state.derivation) == (self.embedder.model_id, derivation)
        if same_index and not (change.puts or change.moves or change.removals):
            try:
                if state.generation:
                    generations.require_whole(state.generation)
                return state
            except DamagedIndexError:
                pass
        return publish(store, generations, self.embedder.model_id, change, self.on_progress, derivation=derivation)


def _derive_stored(
    store: Store, embedder: Embedder, names: Names, leave_out: set[str], on_progress: OnProgress
) -> tuple[list[Put], list[Refusal]]:
    """Every stored document derived again; one that this embedder cannot take is kept without chunks, and refused."""
    puts: list[Put] = []
    refusals: list[Refusal] = []
    stored = store.stored_documents()
    for done, document in enumerate(store.all_documents()):
        if document.id in leave_out:
            continue
        on_progress(Progress("cutting", done, len(stored)))
        origin = stored[document.id]
        try:
            derived = derive(document, embedder, names)
        except DocumentError as error:
            refusals.append(Refusal(origin.path, f"{error} (it is kept but cannot be found)"))
            derived = _without_chunks(document)
        puts.append(Put(derived, origin.content_hash, origin.root, origin.path))
    return puts, refusals


def _undated(plan: Plan, put: set[str]) -> Iterator[Note]:
    for found in (*plan.added, *plan.changed):
        if found.document.id in put and found.document.date is None:
            yield Note(found.path, f"{found.document.id} is undated: no day of publication was found in it")


def _without_chunks(document: Document) -> Derived:
    return Derived(document, "", ())


def _embed_sentences(settings: Settings, embedder: Embedder, puts: Sequence[Put], on_progress: OnProgress) -> None:
    """Embed the sentences of what was published, so that its first readers need not.

    Not where there are so many that whoever syncs would wait long: then readers embed those of the chunks that they
    find, and store them. Nothing depends on it, so it may be interrupted, and others may write meanwhile.
    """
    if len(_chunk_texts(puts)) <= CHUNKS_WITH_SENTENCES:
        with Store.open(settings.database) as store:
            embed_missing(store, embedder, _sentence_texts(puts), on_progress, "embedding sentences")


def _sentence_texts(puts: Sequence[Put]) -> dict[str, str]:
    return {text_hash(text): text for put in puts for item in put.derived.chunks for text in item.sentence_texts}


def _chunk_texts(puts: Sequence[Put]) -> dict[str, str]:
    """What has to have an embedding, by content hash."""
    return {item.embedded_hash: item.embedded_text for put in puts for item in put.derived.chunks}
