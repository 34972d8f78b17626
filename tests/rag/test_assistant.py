import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
from langchain_core.runnables import RunnableLambda

from index.collection import Collection
from index.embedding import Embedder
from index.settings import Settings
from index.sync import sync
from index.text.names import load_names
from rag.assistant import Assistant
from rag.errors import QuestionError
from rag.retrieval.retriever import PassageRetriever
from rag.types import Answer, AnswerEvent, Question, StatusEvent, TokenEvent

FLIGHT = "Where were Witkoff and Kushner to fly after Moscow in January 2026?"


def assert_holds(answer: Answer, collection: Collection) -> None:
    """Every quote is, character for character, what its document says there."""
    with collection.snapshot() as snapshot:
        for pointer in (*answer.citations, *answer.nearest):
            document = snapshot.document(pointer.document_id)
            assert pointer.quote
            assert document.text[pointer.start : pointer.end] == pointer.quote


@pytest.mark.parametrize(
    ("question", "said"),
    [
        (FLIGHT, "Abu Dhabi"),
        ("What did Zelensky call the two sticking points in December?", "Zaporizhzhia"),
        ("How many buildings in Kyiv had no heat?", "4,000 buildings"),
        ("Де відбувся третій тристоронній раунд?", "Женев"),
        ("Сколько военнопленных обменяли в марте 2026 года?", "500"),
    ],
)
def test_a_question_is_answered_with_quotes_that_hold(
    assistant: Assistant, seed_collection: Collection, question: str, said: str
) -> None:
    answer = assistant.ask(Question(question=question))
    assert answer.status == "answered"
    assert said in answer.text or any(said in citation.quote for citation in answer.citations)
    assert 1 <= len(answer.sentences) <= 4
    assert len(answer.text.split()) <= 80 + len(answer.citations)
    assert_holds(answer, seed_collection)


def test_each_citation_says_who_published_it_and_when(assistant: Assistant) -> None:
    for citation in assistant.ask(Question(question=FLIGHT)).citations:
        assert citation.publisher
        assert citation.date
        assert citation.title
        assert citation.language == "en"


def test_a_name_that_no_document_mentions_is_met_with_silence(
    assistant: Assistant, seed_collection: Collection
) -> None:
    answer = assistant.ask(Question(question="What did Narendra Modi propose in Abu Dhabi?"))
    assert answer.status == "abstained"
    assert "No document here mentions Narendra Modi" in answer.text
    assert "7 June 2026" in answer.text
    assert answer.citations == ()
    assert len(answer.nearest) == 3
    assert_holds(answer, seed_collection)


def test_nothing_later_than_the_cut_off_is_used(assistant: Assistant) -> None:
    as_of = dt.date(2025, 9, 1)
    answer = assistant.ask(Question(question="Where did the negotiators meet last?", as_of=as_of))
    assert answer.coverage.as_of == as_of
    assert answer.coverage.newest <= as_of
    assert all(citation.date <= as_of for citation in answer.citations)


def test_a_cut_off_in_the_question_itself_counts(assistant: Assistant) -> None:
    answer = assistant.ask(Question(question="As of 8 February 2026, where was the next meeting expected?"))
    assert answer.coverage.as_of == dt.date(2026, 2, 8)
    assert all(citation.date <= dt.date(2026, 2, 8) for citation in answer.citations)


def test_before_the_first_document_there_is_nothing_to_answer_from(assistant: Assistant) -> None:
    answer = assistant.ask(Question(question=FLIGHT, as_of=dt.date(2020, 1, 1)))
    assert (answer.status, answer.citations, answer.nearest) == ("abstained", (), ())
    assert answer.coverage.documents == 0
    assert "up to 1 January 2020" in answer.text


def test_a_follow_up_is_searched_with_the_question_it_leans_on(assistant: Assistant) -> None:
    first = "How many prisoners were exchanged after the second Abu Dhabi round?"
    answer = assistant.ask(Question(question="And how many in the one after that?", history=(first,)))
    assert answer.question == "And how many in the one after that?"
    assert first in answer.standalone_question


def test_streaming_ends_with_the_answer_whose_text_was_streamed(assistant: Assistant) -> None:
    events = list(assistant.stream(Question(question=FLIGHT)))
    assert [event.stage for event in events if isinstance(event, StatusEvent)] == [
        "retrieve",
        "rerank",
        "answer",
        "ground",
    ]
    assert isinstance(events[-1], AnswerEvent)
    assert "".join(event.text for event in events if isinstance(event, TokenEvent)) == events[-1].answer.text


def test_timings_are_those_of_the_stages(assistant: Assistant) -> None:
    timings = assistant.ask(Question(question=FLIGHT)).timings_ms
    assert min(timings.retrieve, timings.rerank, timings.answer, timings.ground) > 0
    assert timings.total >= timings.retrieve + timings.rerank + timings.answer + timings.ground


def test_the_same_question_gets_the_same_answer_from_many_threads(assistant: Assistant) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(assistant.ask, [Question(question=FLIGHT)] * 16))
    assert len({answer.text for answer in answers}) == 1


@pytest.mark.parametrize("question", ["", "\x00", "?" * 10, "a" * 20_000])
def test_what_is_no_question_is_refused(assistant: Assistant, question: str) -> None:
    with pytest.raises(QuestionError):
        assistant.ask(Question(question=question))


def test_search_gives_passages_best_first(assistant: Assistant) -> None:
    passages = assistant.search(FLIGHT, 5)
    assert len(passages) == 5
    scores = [passage.score for passage in passages]
    assert scores == sorted(scores, reverse=True)
    assert "2026-01-22" in passages[0].document.id


def test_the_assistant_and_the_retriever_fit_into_a_langchain_chain(
    assistant: Assistant, seed_collection: Collection, embedder: Embedder
) -> None:
    chain = RunnableLambda(lambda text: Question(question=text)) | assistant.as_runnable()
    assert chain.invoke(FLIGHT).status == "answered"
    retriever = PassageRetriever(collection=seed_collection, embedder=embedder, names=load_names(), k=3)
    found = retriever.invoke(FLIGHT)
    assert len(found) == 3
    with seed_collection.snapshot() as snapshot:
        for passage in found:
            place = passage.metadata
            text = snapshot.document(place["document_id"]).text
            assert text[place["start"] : place["end"]] == passage.page_content


def test_an_empty_collection_abstains(settings: Settings, embedder: Embedder) -> None:
    with Collection(settings, embedder) as collection:
        answer = Assistant(collection, embedder).ask(Question(question=FLIGHT))
    assert answer.status == "abstained"
    assert answer.coverage.documents == 0


def test_a_single_passage_is_enough(settings: Settings, embedder: Embedder, write_document) -> None:
    write_document("bakery", "The bakery on the corner sells rye bread.")
    sync(settings, embedder)
    with Collection(settings, embedder) as collection:
        answer = Assistant(collection, embedder).ask(Question(question="What does the bakery sell?"))
    assert answer.text == "20 January 2026: The bakery on the corner sells rye bread. [1]"


def test_markers_and_markup_in_a_document_stay_text(settings: Settings, embedder: Embedder, write_document) -> None:
    text = "The harbour pilots are on strike [7] since <b>Monday</b>, [a paper](javascript:alert(1)) says."
    write_document("harbour", text)
    sync(settings, embedder)
    with Collection(settings, embedder) as collection:
        answer = Assistant(collection, embedder).ask(Question(question="Who is on strike?"))
    assert [citation.marker for citation in answer.citations] == [1]
    assert answer.citations[0].quote == text
    assert r"\[7\]" in answer.text
    assert r"\<b>" in answer.text
    assert r"\[a paper\](" in answer.text


def test_a_sentence_that_opens_with_a_pronoun_brings_its_antecedent(
    settings: Settings, embedder: Embedder, write_document
) -> None:
    write_document("mayor", "Ilse Brandt is the mayor of Corvin. She resigned over the ferry contract.")
    sync(settings, embedder)
    with Collection(settings, embedder) as collection:
        answer = Assistant(collection, embedder).ask(Question(question="Why did the mayor resign?"))
    assert "Ilse Brandt is the mayor of Corvin. She resigned" in answer.citations[0].quote
