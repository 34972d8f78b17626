"""What stands on a briefing, section by section, in the reader's language, for HTML and Markdown alike."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag.reading.briefing import Briefing, OpenPoints, StateOfPlay, WhatChanged
from rag.reading.changes import Claim
from rag.reading.positions import Position, ShownDisagreement, SidePositions
from rag.reading.quotation_index import SpokenWords
from rag.reading.quoted import Quoted
from rag.reading.timeline import TimelineEntry
from rag.reading.timeline_answer import spelled_days
from rag.web.strings import Strings


@dataclass(frozen=True, slots=True)
class Said:
    """Exact words. `label` says what they are beside others, `front` whom they call "he", `named_in` who speaks."""

    words: Quoted
    label: str = ""
    front: str = ""
    named_in: Quoted | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """One point: what Parley says of it (`marks`), and the words it rests on."""

    marks: tuple[str, ...]
    said: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """Points under a heading of their own, or under none."""

    heading: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A section by name; `nothing` is what it says where it has no parts."""

    name: str
    heading: str
    nothing: str
    parts: tuple[Part, ...]


def opening_lines(briefing: Briefing, strings: Strings) -> list[str]:
    """What stands under the title: how far the collection reaches, and where the documents are silent."""
    coverage = briefing.coverage
    if coverage.newest is None:
        return [strings("briefing.empty")]
    extent = strings(
        "briefing.extent", documents=strings.documents(coverage.documents), date=strings.date(coverage.newest)
    )
    cut = [strings("timeline.cut_off", date=strings.date(coverage.as_of))] if coverage.as_of else []
    if briefing.unmentioned:
        return [strings("briefing.unmentioned", names=", ".join(briefing.unmentioned)), *cut, extent]
    if briefing.silent:
        return [strings("briefing.silent", topic=briefing.topic), *cut, extent]
    return [*cut, extent, strings("briefing.made_of")]


def sections(briefing: Briefing, strings: Strings) -> list[Section]:
    """The sections in order, without the sources."""
    since = briefing.what_changed.since
    changed = strings("briefing.changed_since", date=strings.date(since)) if since else strings("briefing.changed")
    found = (
        ("state", strings("briefing.state"), _state(briefing.state_of_play, strings)),
        ("positions", strings("briefing.positions"), _positions(briefing.positions, strings)),
        ("changed", changed, _changed(briefing.what_changed, strings)),
        ("open", strings("briefing.open"), _open(briefing.open_points, strings)),
        ("quotes", strings("briefing.quotes"), [Part("", tuple(_quote(one, strings) for one in briefing.quotes))]),
        ("timeline", strings("briefing.timeline"), [Part("", tuple(_day(one, strings) for one in briefing.timeline))]),
    )
    return [
        Section(name, heading, strings(f"briefing.{name}_none"), tuple(part for part in parts if part.items))
        for name, heading, parts in found
    ]


def _state(state: StateOfPlay, strings: Strings) -> list[Part]:
    status = [
        Item(
            (*_dated(one.day, strings), f"{strings(f'claims.{one.status}')} (“{one.word}”)"),
            (Said(one, front=one.subject or ""),),
        )
        for one in state.status
    ]
    newest, main = (tuple(_claim(one, strings) for one in claims) for claims in (state.newest, state.main))
    return [
        Part(strings("briefing.status"), tuple(status)),
        Part(strings("briefing.newest"), newest),
        Part(strings("briefing.main"), main),
    ]


def _claim(one: Claim, strings: Strings) -> Item:
    return Item(_dated(one.date, strings), (Said(one, front=one.subject or ""),))


def _positions(sides: Sequence[SidePositions], strings: Strings) -> Iterator[Part]:
    for side in sides:
        yield Part(strings(f"positions.{side.side}"), tuple(_position(one, strings) for one in side.positions))


def _position(one: Position, strings: Strings) -> Item:
    count = one.independent_sources
    reports = strings("positions.sources", count=count) if count > 1 else strings("positions.single_source")
    itself = (strings("positions.about_itself"),) if one.about_itself else ()
    return Item((one.speaker, *_dated(one.said_on, strings), reports, *itself), (Said(one, named_in=one.named_in),))


def _changed(changed: WhatChanged, strings: Strings) -> list[Part]:
    pairs = []
    for change in changed.changed:
        said = [Said(change.now, strings("changes.now"), change.now.subject or "")]
        if change.before:
            said.append(Said(change.before, strings("changes.before"), change.before.subject or ""))
        pairs.append(Item(_dated(change.now.date, strings), tuple(said)))
    gone = [Item(_dated(one.date, strings), (Said(one, front=one.subject or ""),)) for one in changed.not_found_again]
    return [Part("", tuple(pairs)), Part(strings("changes.gone"), tuple(gone))]


def _open(points: OpenPoints, strings: Strings) -> list[Part]:
    unsettled = [
        Item((*_dated(one.day or one.date, strings), f"“{one.word}”"), (Said(one, front=one.subject or ""),))
        for one in points.unsettled
    ]
    return [
        Part(strings("positions.disagreements"), tuple(_disagreement(one, strings) for one in points.disagreements)),
        Part(strings("briefing.unsettled"), tuple(unsettled)),
    ]


def _disagreement(one: ShownDisagreement, strings: Strings) -> Item:
    accounts = tuple(Said(account, account.speaker or "") for account in one.accounts)
    return Item((strings(f"positions.{one.ground}"),), accounts)


def _quote(one: SpokenWords, strings: Strings) -> Item:
    marks = [one.speaker or strings("quotes.nobody")]
    marks += [strings("quotes.second_hand")] if one.second_hand else []
    marks += [*_dated(one.said_on, strings), *([one.place] if one.place else [])]
    marks += [strings("quotes.by_meaning")] if one.matches == "meaning" else []
    return Item(tuple(marks), (Said(one, named_in=one.named_in),))


def _day(one: TimelineEntry, strings: Strings) -> Item:
    return Item((spelled_days(one, strings.language),), (Said(one, front=one.subject or ""),))


def _dated(day: object, strings: Strings) -> tuple[str, ...]:
    return (strings.date(day),) if day else ()
