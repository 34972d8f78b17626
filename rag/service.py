"""The running service: opens the index in the background and says how far it is.

The web application asks `state` for each request; it never waits for the index.
"""

import logging
import os
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.errors import DocumentError, IndexNotReadyError, ParleyError
from index.settings import Settings
from index.types import Progress

if TYPE_CHECKING:
    from index.collection import Collection
    from index.embedding import Embedder
    from rag.assistant import Assistant

log = logging.getLogger(__name__)

_UNEXPECTED = "The index could not be opened; the log has the details. Correct the cause and start Parley again."


@dataclass(frozen=True, slots=True)
class Building:
    """The index is being opened or built; `progress.total` 0 means that the amount is not known yet."""

    progress: Progress


@dataclass(frozen=True, slots=True)
class Ready:
    """Questions can be answered."""

    assistant: "Assistant"
    collection: "Collection"


@dataclass(frozen=True, slots=True)
class Failed:
    """There is no index to answer from; `message` is one plain sentence with the way out."""

    code: str
    message: str


State = Building | Ready | Failed


class Service:
    """Opens the collection and the assistant on a thread of its own, and brings the seeds up to date.

    An index that is there already serves meanwhile, and goes on serving when the update fails; `notice` then says why.
    """

    def __init__(self, settings: Settings, on_progress: Callable[[Progress], None] | None = None) -> None:
        self.settings = settings
        self._on_progress = on_progress
        self._state: State = Building(Progress("starting", 0, 0))
        self._thread = threading.Thread(target=self._open, name="parley-index", daemon=True)
        self.notice: str | None = None

    @property
    def state(self) -> State:
        """Where the service stands now."""
        return self._state

    def ready(self) -> Ready:
        """The open collection and its assistant. Raises IndexNotReadyError while there is none."""
        match self._state:
            case Ready() as ready:
                return ready
            case Failed(message=message):
                raise IndexNotReadyError(message)
            case _:
                raise IndexNotReadyError("The documents are still being read; ask again in a moment.")

    def start(self) -> None:
        """Begin; returns at once."""
        self._thread.start()

    def wait(self, timeout_s: float | None = None) -> State:
        """The state when the work is done, or after `timeout_s`."""
        self._thread.join(timeout_s)
        return self._state

    def close(self) -> None:
        """Release the collection; no request may be under way."""
        if isinstance(self._state, Ready):
            self._state.collection.close()

    def _open(self) -> None:
        try:
            self._open_index()
        except ParleyError as error:
            log.error("there is no index to answer from: %s", error)
            self._state = Failed(error.code, sentence(error))
        except Exception:
            log.exception("the index could not be opened")
            self._state = Failed("internal", _UNEXPECTED)

    def _open_index(self) -> None:
        # Imported here: these load torch and chromadb, and the server should be listening before that.
        from index.collection import Collection
        from index.embedding import open_embedder

        self._report(Progress("loading the embedding model", 0, 0))
        embedder = open_embedder(self.settings.embedding_model, self.settings.home)
        first_time = Collection.needs_seeds(self.settings)
        if not first_time:
            self._serve_what_is_there(embedder)
        failure = self._bring_up_to_date(embedder, first_time)
        if not isinstance(self._state, Ready):
            try:
                self._serve(embedder)
            except ParleyError as error:
                raise failure or error from error
            if failure and self._state.collection.is_empty:
                self.close()
                raise failure
        self.notice = f"The documents could not be brought up to date: {failure}" if failure else None

    def _serve_what_is_there(self, embedder: "Embedder") -> None:
        try:
            self._serve(embedder)
        except ParleyError as error:
            log.info("the index has to be brought up to date before it can answer: %s", error)

    def _serve(self, embedder: "Embedder") -> None:
        """Answer from now on. Raises ParleyError where the index cannot be read with this embedder."""
        from index.collection import Collection
        from index.text.names import load_names
        from rag.assistant import Assistant
        from rag.generation.opening import open_writer
        from rag.retrieval.cross_encoder import open_cross_encoder

        names = load_names(self.settings.names)
        writer = open_writer(self.settings, names, embedder)
        collection = Collection(self.settings, embedder)
        try:
            with collection.snapshot() as snapshot:
                coverage = snapshot.coverage()
            cross_encoder = open_cross_encoder(self.settings, names)
            assistant = Assistant(collection, embedder, names, writer=writer, cross_encoder=cross_encoder)
        except BaseException:
            collection.close()
            raise
        self._state = Ready(assistant, collection)
        if writer:
            writer.model.look_in_background()
        assistant.warm_up()
        log.info("answering from %d documents, the newest of %s", coverage.documents, coverage.newest)

    def _bring_up_to_date(self, embedder: "Embedder", first_time: bool) -> ParleyError | None:
        """Sync the seeds, if they are what this home is made of; what went wrong, or None."""
        from index.sync import sync

        try:
            if not first_time and not self._holds_seeds():
                return None
            report = sync(self.settings, embedder, [self.settings.seeds], self._report)
        except ParleyError as error:
            log.warning("the seeds were not synced: %s", error)
            return error
        for refusal in report.refusals:
            log.warning("left out %s: %s", refusal.path, refusal.message)
        if report.refusals and not (report.added or report.changed or report.unchanged):
            first = report.refusals[0]
            return DocumentError(
                f"no document in {self.settings.seeds} can be read; the first one, {first.path}: {first.message}"
            )
        return None

    def _holds_seeds(self) -> bool:
        """Whether documents of this home came from the seeds folder, so that its changes belong here too."""
        from index.storage.store import Store

        root = os.path.realpath(self.settings.seeds)
        with Store.open(self.settings.database) as store:
            return any(stored.root == root for stored in store.stored_documents().values())

    def _report(self, progress: Progress) -> None:
        if isinstance(self._state, Building):
            self._state = Building(progress)
        if self._on_progress:
            self._on_progress(progress)


def sentence(error: ParleyError) -> str:
    """The message as a sentence of its own."""
    message = str(error)
    return message[:1].upper() + message[1:] + ("" if message.endswith((".", "!", "?")) else ".")
