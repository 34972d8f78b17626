"""Answers as HTML: what stands where, and that no text becomes markup."""

import datetime as dt
from html.parser import HTMLParser
from itertools import pairwise

from index.types import Coverage
from rag.types import Answer, AnswerSentence, Citation, NearestPassage
from rag.web.answer_view import answer_turn, notice_turn, partial_turn, pending_turn
from rag.web.strings import Strings

ENGLISH = Strings("en")
COVERAGE = Coverage(documents=3, oldest=dt.date(2026, 1, 1), newest=dt.date(2026, 2, 20))
ATTACK = "<script>x</script><img src=x onerror=y>\"'<!--\n\n# h\n\n[a](javascript:x) \u202e"


def cited(marker: int, document_id: str = "doc", **fields: object) -> Citation:
    values = {"title": "Title", "publisher": "Daily", "date": dt.date(2026, 1, 22), "url": None, "language": "en"}
    quote = f"Quote {marker}."
    return Citation(
        **{
            **values,
            "marker": marker,
            "document_id": document_id,
            "quote": quote,
            "start": marker,
            "end": marker + 8,
            **fields,
        }
    )


def answered(text: str, *citations: Citation) -> Answer:
    sentences = [AnswerSentence(text="S.", citations=tuple(citation.marker for citation in citations), support=1)]
    return Answer(
        question="Who?",
        standalone_question="Who?",
        status="answered",
        text=text,
        sentences=tuple(sentences),
        citations=citations,
        coverage=COVERAGE,
        index_version="0" * 12,
    )


class Tags(HTMLParser):
    """The tags and links that a browser would see."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.seen: list[str] = []
        self.links: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)
        values = dict(attributes)
        assert not [name for name in values if name.startswith("on") or name == "style"]
        if "href" in values:
            self.links.append(values["href"] or "")

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data}")


def test_markers_link_to_the_place_in_the_source() -> None:
    html = answer_turn(1, answered("Yes. [1] No. [2]", cited(1), cited(2)), ENGLISH)
    assert 'class="cite" href="/documents/doc?start=1&amp;end=9#span"' in html
    assert 'class="cite" href="/documents/doc?start=2&amp;end=10#span"' in html
    assert "[1]" not in html


def test_quotes_from_one_document_share_its_card() -> None:
    html = answer_turn(1, answered("A. [1] B. [2] C. [3]", cited(1, "a"), cited(2, "b"), cited(3, "a")), ENGLISH)
    assert html.count('class="source"') == 2
    assert html.count('class="quote"') == 3


def test_a_quote_in_another_language_names_it() -> None:
    html = answer_turn(1, answered("A. [1]", cited(1, language="ru")), ENGLISH)
    assert "22 Jan 2026 · in Russian" in html
    assert '<blockquote lang="ru">' in html
    assert "in English" not in answer_turn(1, answered("A. [1]", cited(1)), ENGLISH)


def test_an_undated_source_without_publisher_says_undated() -> None:
    html = answer_turn(1, answered("A. [1]", cited(1, date=None, publisher=None)), ENGLISH)
    assert '<p class="byline">undated</p>' in html
    assert "Newest source" not in html


def test_an_abstention_looks_different_and_links_the_closest_passages() -> None:
    near = NearestPassage(document_id="doc", title="Near", date=None, quote="Close.", start=3, end=9)
    answer = Answer(
        question="Who?",
        standalone_question="Who?",
        status="abstained",
        text="The documents do not say.",
        nearest=(near,),
        coverage=COVERAGE,
        index_version="0" * 12,
    )
    html = answer_turn(2, answer, ENGLISH)
    assert 'class="abstention"' in html
    assert 'class="answer"' not in html
    assert "/documents/doc?start=3&amp;end=9#span" in html


def test_no_text_becomes_markup_and_a_turn_is_one_line() -> None:
    attack = cited(1, "d/../?x=1#y", title=ATTACK, publisher=ATTACK, url="https://host/\"onclick='x'", quote=ATTACK)
    for html in (
        answer_turn(1, answered(f"{ATTACK} [1]", attack), ENGLISH),
        partial_turn(1, ATTACK, ATTACK, ENGLISH),
        pending_turn(1, ATTACK, ATTACK, ATTACK, ENGLISH),
        notice_turn(1, ATTACK, ATTACK),
    ):
        assert "\n" not in html
        assert "\u202e" not in html
        tags = Tags(html)
        assert not {"script", "img", "form", "svg"} & set(tags.seen)
        assert all(link.startswith(("/documents/d%2F..%2F%3Fx%3D1%23y?", "https://host/")) for link in tags.links)


def test_a_sentence_that_is_being_checked_stands_apart_from_the_answer() -> None:
    html = pending_turn(1, "Who?", "He did. [1]", "It may rain.", ENGLISH)
    answer, _, pending = html.partition('<p class="pending">')
    assert "He did." in answer
    assert answer.endswith("</div>")
    assert pending == "Not checked yet: It may rain.</p>"
    assert '<p class="pending">The next sentence' in pending_turn(1, "Who?", "", "", ENGLISH)


def test_a_notice_stands_before_the_answer_that_it_is_about() -> None:
    html = answer_turn(
        1, answered("He did. [1]", cited(1)).model_copy(update={"notice": "The model is away."}), ENGLISH
    )
    assert html.index("The model is away.") < html.index("He did.")


def test_an_unfinished_answer_has_no_links_yet() -> None:
    html = partial_turn(1, "Who?", "He did. [1] And", ENGLISH)
    assert Tags(html).links == []
    assert "<sup>1</sup>" in html


def test_each_further_piece_only_adds_to_the_end() -> None:
    words = ["He", "did.\n\nThen", "[1]", "she", "<b>", "did"]
    turns = [partial_turn(1, "Who?", " ".join(words[:count]), ENGLISH) for count in range(1, len(words) + 1)]
    assert all(later.startswith(earlier) for earlier, later in pairwise(turns))


def test_bold_is_the_only_markdown_that_is_read() -> None:
    html = answer_turn(1, answered("**Kyiv**: *x* `y` # z [1]", cited(1)), ENGLISH)
    assert "<strong>Kyiv</strong>: *x* `y` # z" in html


def test_a_card_says_how_many_publishers_there_are_and_what_is_weak_once_for_all_its_quotes() -> None:
    cards = (
        cited(1, independent_sources=2, marks=("state_outlet",)),
        cited(2, independent_sources=3, marks=("about_itself", "state_outlet")),
        cited(3, "other", independent_sources=1, marks=("single_source",)),
        cited(4, "third"),
    )
    html = answer_turn(1, answered("One [1] two [2] three [3] four [4].", *cards), ENGLISH)
    assert html.count('class="sourcing"') == 2
    assert "Publishers who say so, at most: 2–3 · a party about itself · a state, or an outlet of one" in html
    assert '<p class="sourcing">A single source</p>' in html
