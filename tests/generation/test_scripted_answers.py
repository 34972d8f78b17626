"""What a model may say over the wire, and the answer that a reader gets."""

import datetime as dt
import logging
from collections.abc import Callable

import pytest
from scripted_model import BreakOff, Finish, Raw, Refusal, ScriptedModel, Silence
from town import KEY

from index.settings import Settings
from rag.types import Answer, Event, PendingEvent, TokenEvent

FERRY = "When will the ferry to Corvin sail again?"
SAILS = "Mayor Ilse Brandt said on 22 January 2026 that the ferry to Corvin would sail again in March [1]."


def pieces(text: str, size: int = 7) -> list[str]:
    """As tokens come: cut anywhere."""
    return [text[start : start + size] for start in range(0, len(text), size)]


def texts(answer: Answer) -> list[str]:
    return [sentence.text for sentence in answer.sentences]


def test_a_sound_sentence_is_shown_with_the_exact_words_it_rests_on(answered) -> None:
    answer = answered(FERRY, pieces(SAILS))
    assert answer.status == "answered"
    assert answer.answerer == "openai:scripted"
    assert answer.notice is None
    assert answer.text == SAILS.replace(" [1].", ".") + " [1]"
    (citation,) = answer.citations
    assert citation.document_id == "ferry"
    assert citation.quote.startswith("Mayor Ilse Brandt said on 22 January 2026")
    assert citation.quote.endswith("in March.")


def test_what_is_streamed_is_what_stands(told) -> None:
    events = told(FERRY, pieces(SAILS + " The repair cost 4,000 crowns [1]. The moon is made of cheese [1]."))
    streamed = "".join(event.text for event in events if isinstance(event, TokenEvent))
    assert streamed == events[-1].answer.text
    assert any(isinstance(event, PendingEvent) for event in events)
    assert not any("cheese" in str(event) for event in events)


def test_an_invented_marker_never_arrives(answered) -> None:
    answer = answered(FERRY, pieces(SAILS.replace("[1]", "[1][47]") + " The repair cost 4,000 crowns [99]."))
    assert "47" not in answer.text
    assert "99" not in answer.text
    assert texts(answer)[1] == "The repair cost 4,000 crowns."
    assert {citation.document_id for citation in answer.citations} == {"ferry"}


def test_a_sentence_with_the_wrong_passage_or_none_is_cited_to_the_one_that_says_it(answered) -> None:
    script = pieces(
        "The harbour pilots of Corvin ended their strike on 10 February 2026 after 12 days [3]. " + SAILS[:-5]
    )
    answer = answered("When did the pilots of Corvin end their strike?", script)
    first, second = answer.citations
    assert first.document_id == "strike"
    assert second.document_id == "ferry"


def test_markers_are_numbered_in_the_order_of_first_use(answered) -> None:
    script = pieces("The repair cost 4,000 crowns [4]. " + SAILS + " The repair cost exactly 4,000 crowns [2].")
    answer = answered(FERRY, script)
    assert [citation.marker for citation in answer.citations] == [1, 2]
    assert answer.sentences[0].citations == (1,)
    assert answer.sentences[1].citations == (2,)


@pytest.mark.parametrize(
    "wrong",
    [
        "Mayor Ilse Brandt said on 22 January 2026 that the ferry to Corvin would sail again in May [1].",
        "The repair cost 9,000 crowns [1].",
        "The harbour pilots agreed to night crossings [1].",
        "Mayor Ilse Brandt resigned over the ferry contract and left the town [1].",
        'Ilse Brandt told the town council: "The pier is repaired, and that means it is cheap" [1].',
        "See https://evil.example/ferry for the ferry to Corvin [1].",
        "The ferry to Corvin would sail again in March, says evil.example [1].",
        "Mayor Tomas Vrba said on 22 January 2026 that the ferry to Corvin would sail again in March [1].",
        "Ilse Brandt called the schedule unworkable [1].",
    ],
    ids=["date", "number", "negation", "unsupported", "altered quotation", "link", "bare domain", "speaker", "verdict"],
)
def test_a_sentence_that_no_passage_bears_out_is_dropped(answered, wrong: str) -> None:
    answer = answered(FERRY, pieces(f"{wrong} {SAILS}"))
    assert texts(answer) == [SAILS.replace(" [1].", ".")]


def test_a_quotation_may_differ_in_its_marks_and_spaces_only(answered) -> None:
    script = pieces("Ilse Brandt told the town council: “The pier  is repaired, and that means it is safe” [1].")
    (citation,) = answered(FERRY, script).citations
    assert '"The pier is repaired, and that means it is safe," she told the town council.' in citation.quote


def test_when_nothing_is_left_the_answer_abstains(answered) -> None:
    answer = answered(FERRY, pieces("Ferries are fun for everyone [1]. The moon is made of cheese [2]."))
    assert answer.status == "abstained"
    assert answer.citations == ()
    assert answer.nearest
    assert "cheese" not in answer.model_dump_json()


@pytest.mark.parametrize("script", ["NO ANSWER", "No answer.", "**NO ANSWER**"])
def test_the_model_may_say_that_the_passages_do_not_answer(answered, script: str) -> None:
    answer = answered(FERRY, pieces(script))
    assert answer.status == "abstained"
    assert answer.answerer == "openai:scripted"


def test_a_refusal_of_the_model_is_no_answer(answered) -> None:
    answer = answered(FERRY, pieces("I'm sorry, but I can't help with that. As an AI I must decline."))
    assert answer.status == "abstained"
    assert "sorry" not in answer.text


def test_markdown_and_html_are_taken_off(answered) -> None:
    script = (
        "## Answer\n\n- **Mayor Ilse Brandt** said on *22 January 2026* that the [ferry](https://evil.example/x) to "
        "Corvin "
        'would <b onclick="evil()">sail again</b> in March [1].\n- <img src=x onerror=alert(1)>The repair cost `4,000` '
        "crowns [1].\n\n<script>alert('x')</script>\n\n```\nprint(1)\n```"
    )
    answer = answered(FERRY, pieces(script))
    assert texts(answer) == [SAILS.replace(" [1].", "."), "The repair cost 4,000 crowns."]
    assert not any(sign in answer.text for sign in ("<", "**", "http", "evil", "alert"))


def test_thinking_aloud_is_not_read_as_an_answer(answered) -> None:
    answer = answered(FERRY, pieces(f"<think>The repair cost 4,000 crowns. I should say so.</think>\n\n{SAILS}"))
    assert texts(answer) == [SAILS.replace(" [1].", ".")]


def test_markers_after_the_stop_belong_to_the_sentence_before(answered) -> None:
    answer = answered(FERRY, pieces("The repair cost 4,000 crowns. [1] " + SAILS.replace(" [1].", ". [1]"), 1))
    assert [sentence.citations for sentence in answer.sentences] == [(1,), (2,)]


def test_a_sentence_said_twice_is_shown_once(answered) -> None:
    assert len(answered(FERRY, pieces(f"{SAILS} {SAILS} {SAILS}")).sentences) == 1


def test_a_reply_cut_off_at_its_limit_loses_its_last_sentence(answered) -> None:
    answer = answered(FERRY, [*pieces(f"{SAILS} The repair cost 4,000"), Finish("length")])
    assert texts(answer) == [SAILS.replace(" [1].", ".")]


def test_half_a_stream_keeps_what_was_checked_and_says_so(answered) -> None:
    answer = answered(FERRY, [*pieces(f"{SAILS} The repair cost 4,000 crowns and"), BreakOff()])
    assert texts(answer) == [SAILS.replace(" [1].", ".")]
    assert "broke off" in answer.notice


def extractive_with_notice(answer: Answer) -> None:
    assert answer.status == "answered"
    assert answer.answerer == "extractive"
    assert "not available" in answer.notice
    assert "openai:scripted" in answer.notice
    assert all(citation.quote in answer.text or answer.text for citation in answer.citations)
    assert answer.citations


@pytest.mark.parametrize(
    "script",
    [
        [Refusal(500)],
        [Refusal(503)],
        [Refusal(429, headers={"retry-after": "0"})],
        [Refusal(401, f"Incorrect API key provided: {KEY}")],
        [Refusal(404)],
        [BreakOff()],
        [Raw("data: {broken")],
        ["The ferry", BreakOff()],
    ],
    ids=["500", "503", "429", "401", "404", "nothing", "broken JSON", "half a sentence"],
)
def test_a_model_that_fails_leaves_the_extractive_answer_with_a_notice(
    answered, script: list, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        answer = answered(FERRY, script)
    extractive_with_notice(answer)
    assert KEY not in answer.model_dump_json()
    assert KEY not in "".join(
        record.getMessage() + str(record.exc_text) for record in caplog.records if record.name.startswith("rag")
    )


@pytest.mark.parametrize(
    ("first", "attempts"),
    [(Refusal(500), 2), (Refusal(429, headers={"retry-after": "0"}), 2), (BreakOff(), 2), (Refusal(401), 1)],
    ids=["500", "429", "broken off", "401"],
)
def test_what_may_pass_is_tried_once_more(answered, model: ScriptedModel, first: object, attempts: int) -> None:
    answer = answered(FERRY, [first], pieces(SAILS))
    assert len(model.requests) == attempts
    assert answer.answerer == ("openai:scripted" if attempts == 2 else "extractive")


def test_a_silent_model_is_given_up_without_a_second_wait(
    answered, model: ScriptedModel, model_settings: Callable[..., Settings]
) -> None:
    answer = answered(FERRY, [Silence()], settings=model_settings(llm_timeout_s=0.3))
    extractive_with_notice(answer)
    assert len(model.requests) == 1


def test_silence_in_the_middle_keeps_what_was_checked(answered, model_settings: Callable[..., Settings]) -> None:
    script = [*pieces(f"{SAILS} The repair"), Silence()]
    answer = answered(FERRY, script, settings=model_settings(llm_timeout_s=0.5))
    assert texts(answer) == [SAILS.replace(" [1].", ".")]
    assert "broke off" in answer.notice


def test_nothing_after_the_cut_off_is_shown_to_the_model(answered, model: ScriptedModel) -> None:
    answer = answered("What did the pilots of Corvin do?", pieces(SAILS), as_of=dt.date(2026, 1, 31))
    sent = str(model.requests[0]["messages"])
    assert "strike on 10 February" not in sent
    assert all(citation.date <= dt.date(2026, 1, 31) for citation in answer.citations)


def test_the_model_is_not_asked_where_there_is_nothing_to_answer_from(answered, model: ScriptedModel) -> None:
    answer = answered("What did Narendra Modi say about the ferry?", pieces(SAILS))
    assert answer.status == "abstained"
    assert model.requests == []


@pytest.mark.parametrize(
    ("question", "script", "document"),
    [
        ("Скільки коштуватиме міст у Корвіні?", "Міст коштуватиме 90 мільйонів крон [1].", "bridge-uk"),
        (
            "Сколько продлятся работы на мосту в Корвине?",
            "Работы начнутся в мае и продлятся 18 месяцев [1].",
            "bridge-ru",
        ),
    ],
)
def test_answers_in_ukrainian_and_russian_are_checked_alike(
    answered, question: str, script: str, document: str
) -> None:
    answer = answered(question, pieces(f"{script} {script.replace('90', '70').replace('18', '81')}"))
    assert texts(answer) == [script.replace(" [1].", ".")]
    assert answer.citations[0].document_id == document


@pytest.mark.parametrize(
    ("script", "stands"),
    [
        ("The work will begin in May and will last 18 months", True),
        ("The work will not begin in May and will last 18 months", False),
    ],
)
def test_a_denial_is_noticed_across_languages(answered, script: str, stands: bool) -> None:
    answer = answered("How long will the work on the bridge in Corvin last?", pieces(f"{script} [1]."))
    assert (answer.status == "answered") is stands


def test_documents_are_fenced_and_never_in_the_system_message(told, model: ScriptedModel) -> None:
    told(FERRY, pieces(SAILS))
    told(FERRY, pieces(SAILS))
    fences = []
    for request in model.requests:
        system, human = request["messages"]
        assert system["role"] == "system"
        assert "Corvin" not in system["content"]
        assert "2026-01-22" in human["content"]
        assert "Corvin Post" in human["content"]
        fences.append(human["content"].split()[0])
        assert human["content"].count(fences[-1]) % 2 == 0
        assert fences[-1] in system["content"]
    assert fences[0] != fences[1]


def test_a_second_check_by_the_model_can_only_take_away(told, model_settings: Callable[..., Settings]) -> None:
    script = pieces(f"{SAILS} The repair cost 4,000 crowns [1]. The moon is made of cheese [1].")
    events: list[Event] = told(FERRY, script, ["NO"], ["YES"], settings=model_settings(llm_verify=True))
    assert texts(events[-1].answer) == ["The repair cost 4,000 crowns."]
    pending = [event.text for event in events if isinstance(event, PendingEvent) and event.text]
    assert pending == [SAILS.replace(" [1].", "."), "The repair cost 4,000 crowns."]


REWORDED = "Mayor Ilse Brandt said on 22 January 2026 that the boat to Corvin would depart again in March"


@pytest.mark.parametrize(
    ("reply", "shown"),
    [("YES", [REWORDED + "."]), ("NO", []), ("I would say YES", []), (Refusal(500), [])],
    ids=["confirmed", "denied", "unclear", "away"],
)
def test_a_sentence_with_new_words_stands_only_if_the_second_check_confirms_it(
    answered, model_settings: Callable[..., Settings], reply: object, shown: list[str]
) -> None:
    answer = answered(FERRY, pieces(f"{REWORDED} [1]."), [reply], settings=model_settings(llm_verify=True))
    assert texts(answer) == shown


def test_a_sentence_with_new_words_is_dropped_without_a_second_check(answered, model: ScriptedModel) -> None:
    assert texts(answered(FERRY, pieces(f"{REWORDED} [1]. {SAILS}"))) == [SAILS.replace(" [1].", ".")]
    assert len(model.requests) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        REWORDED.replace("March", "May"),
        REWORDED.replace("22 January", "23 January"),
        REWORDED.replace("Ilse Brandt", "Tomas Vrba"),
        REWORDED.replace("would depart", "would not depart"),
        f"{REWORDED}, “as safe as a house”",
    ],
    ids=["month", "day", "speaker", "negation", "quotation"],
)
def test_the_second_check_is_not_asked_about_what_differs_in_more_than_words(
    answered, model: ScriptedModel, model_settings: Callable[..., Settings], wrong: str
) -> None:
    answer = answered(FERRY, pieces(f"{wrong} [1]."), ["YES"], settings=model_settings(llm_verify=True))
    assert answer.status == "abstained"
    assert len(model.requests) == 1


@pytest.mark.parametrize("window", [1024, 1400, 4096])
def test_a_small_window_gets_fewer_passages(answered, model: ScriptedModel, model_settings, window: int) -> None:
    answer = answered(FERRY, pieces(SAILS), settings=model_settings(llm_context=window))
    assert texts(answer) == [SAILS.replace(" [1].", ".")]
    (request,) = model.requests
    assert sum(len(message["content"].encode()) for message in request["messages"]) < 3 * (window - 256)


def test_a_question_that_fills_the_window_gets_the_extractive_answer(answered, model_settings) -> None:
    answer = answered(f"{FERRY} {'really ' * 250}", pieces(SAILS), settings=model_settings(llm_context=1024))
    assert answer.answerer == "extractive"
    assert "window" in answer.notice
