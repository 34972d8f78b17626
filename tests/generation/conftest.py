"""A few documents of our own, indexed once, and an assistant whose model is a scripted server."""

from collections.abc import Callable, Iterator

import pytest
from pydantic import SecretStr
from scripted_model import ScriptedModel
from town import KEY, write_documents

from index.collection import Collection
from index.embedding import Embedder
from index.settings import Settings
from index.sync import sync
from index.text.names import load_names
from rag.assistant import Assistant
from rag.generation.opening import open_writer
from rag.types import Answer, AnswerEvent, Event, Question


@pytest.fixture(scope="session")
def town_settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("town")
    write_documents(folder / "documents")
    return Settings(home=folder / "home", seeds=folder / "documents", chroma_url=None, _env_file=None)


@pytest.fixture(scope="session")
def town(town_settings: Settings, embedder: Embedder) -> Iterator[Collection]:
    sync(town_settings, embedder)
    with Collection(town_settings, embedder) as collection:
        yield collection


@pytest.fixture
def model() -> Iterator[ScriptedModel]:
    with ScriptedModel() as scripted:
        yield scripted


@pytest.fixture
def model_settings(town_settings: Settings, model: ScriptedModel) -> Callable[..., Settings]:
    """Settings under which the scripted model writes."""

    def with_model(**changes: object) -> Settings:
        asked = {
            "llm": "openai:scripted",
            "llm_base_url": model.url,
            "llm_api_key": SecretStr(KEY),
            "llm_timeout_s": 20.0,
        }
        return town_settings.model_copy(update={**asked, **changes})

    return with_model


@pytest.fixture
def assistant_of(town: Collection, embedder: Embedder) -> Callable[[Settings], Assistant]:
    def made(settings: Settings) -> Assistant:
        names = load_names()
        return Assistant(town, embedder, names, writer=open_writer(settings, names, embedder))

    return made


@pytest.fixture
def told(
    model: ScriptedModel, model_settings: Callable[..., Settings], assistant_of: Callable[[Settings], Assistant]
) -> Callable[..., list[Event]]:
    """Every event of a question, the model saying what the script says; it is asked for `followups` on demand."""

    def asked(
        question: str, *scripts: object, settings: Settings | None = None, followups: bool = False, **more: object
    ) -> list[Event]:
        model.says(*scripts)
        assistant = assistant_of(settings or model_settings())
        return list(assistant.stream(Question(question=question, **more), followups=followups))

    return asked


@pytest.fixture
def answered(told: Callable[..., list[Event]], town: Collection) -> Callable[..., Answer]:
    """The answer, after seeing that every quotation holds and that what was streamed is what stands."""

    def asked(question: str, *scripts: object, **more: object) -> Answer:
        events = told(question, *scripts, **more)
        answer = events[-1].answer
        assert isinstance(events[-1], AnswerEvent)
        with town.snapshot() as snapshot:
            for citation in answer.citations:
                document = snapshot.document(citation.document_id)
                assert document.text[citation.start : citation.end] == citation.quote
        return answer

    return asked
