"""How far something has got, how well a claim is sourced, and who says what was answered before, as answers."""

from collections.abc import Sequence

from index.text.dates import spell_date
from index.text.names import Names
from rag.answering.extractive import Draft
from rag.reading.listed import ListedLine, listed_draft, listed_line, voice_name
from rag.reading.quoted import Quoted
from rag.reading.sourcing import Report, Sourcing
from rag.reading.status import StatusReport, StatusWord
from rag.reading.whose import Origin

MOST_WORDS = 5  # on how far something has got
MOST_REPORTS = 6

_STATUSES = {
    "en": {
        "proposed": "Proposed",
        "agreed": "Agreed",
        "signed": "Signed",
        "denied": "Denied or rejected",
        "lapsed": "Lapsed",
        "superseded": "Superseded",
    },
    "uk": {
        "proposed": "Запропоновано",
        "agreed": "Узгоджено",
        "signed": "Підписано",
        "denied": "Заперечено чи відхилено",
        "lapsed": "Втратило чинність",
        "superseded": "Замінено іншим",
    },
    "ru": {
        "proposed": "Предложено",
        "agreed": "Согласовано",
        "signed": "Подписано",
        "denied": "Отрицается или отклонено",
        "lapsed": "Утратило силу",
        "superseded": "Заменено другим",
    },
}
_WORDS = {
    "en": {
        "newest": "The newest word in the documents is of {date}; later ones may be missing.",
        "no_day": "no day given",
        "counted": "Independent reports: {reports}. Publishers behind them, at most: {publishers}.",
        "single": "This is a single source.",
        "unfound": "No report was found that says so in these words, so none is counted. Nearest to it:",
        "unnamed": "the text names nobody",
        "published": "published by {publisher}",
        "several": "{publishers} publishers at most",
        "one": "one publisher",
        "no_publisher": "no publisher given",
        "itself": "a party about itself",
        "second": "the same report as above",
        "undated": "undated",
    },
    "uk": {
        "newest": "Найновіше слово в документах: {date}; пізніших може бракувати.",
        "no_day": "день не названо",
        "counted": "Незалежних повідомлень: {reports}. Видавців за ними, щонайбільше: {publishers}.",
        "single": "Це єдине джерело.",
        "unfound": "Повідомлення, де це сказано такими словами, не знайдено, тож жодного не враховано. Найближче:",
        "unnamed": "у тексті нікого не названо",
        "published": "опубліковано: {publisher}",
        "several": "видавців щонайбільше: {publishers}",
        "one": "один видавець",
        "no_publisher": "видавця не вказано",
        "itself": "сторона про себе",
        "second": "те саме повідомлення, що й вище",
        "undated": "без дати",
    },
    "ru": {
        "newest": "Новейшее слово в документах: {date}; более поздних может не быть.",
        "no_day": "день не назван",
        "counted": "Независимых сообщений: {reports}. Издателей за ними, самое большее: {publishers}.",
        "single": "Это единственный источник.",
        "unfound": "Сообщение, где это сказано такими словами, не найдено, поэтому ни одно не учтено. Ближе всего:",
        "unnamed": "в тексте никто не назван",
        "published": "опубликовано: {publisher}",
        "several": "издателей самое большее: {publishers}",
        "one": "один издатель",
        "no_publisher": "издатель не указан",
        "itself": "сторона о себе",
        "second": "то же сообщение, что и выше",
        "undated": "без даты",
    },
}


def status_draft(found: StatusReport, language: str) -> Draft:
    """The words on a subject, the newest first, after the day of the newest; empty where there are none."""
    words = _WORDS[language]
    lines = [_status_line(word, language) for word in found.words[:MOST_WORDS]]
    newest = found.newest.day if found.newest else None
    return listed_draft(lines, words["newest"].format(date=spell_date(newest, language)) if newest else "")


def _status_line(word: StatusWord, language: str) -> ListedLine:
    day = spell_date(word.day, language) if word.day else _WORDS[language]["no_day"]
    return listed_line(f"{_STATUSES[language][word.status]}, {day}", word, word.subject)


def sourcing_draft(found: Sourcing, language: str) -> Draft:
    """The reports that say a claim, after how many of them are independent; empty where none does."""
    words = _WORDS[language]
    counted = words["counted"].format(reports=found.independent_reports, publishers=found.independent_publishers)
    preface = f"{counted} {words['single']}" if found.single_source else counted
    return listed_draft([_report_line(one, language) for one in found.reports[:MOST_REPORTS]], preface)


def unsourced_line(language: str) -> str:
    """What is said before an answer to a question for sources that were not found."""
    return _WORDS[language]["unfound"]


def _report_line(report: Report, language: str) -> ListedLine:
    words = _WORDS[language]
    parts = [report.speaker, ", ".join(report.publishers) or words["no_publisher"], _date(report, language)]
    marks = [words["itself"]] * report.about_itself + [words["second"]] * bool(report.same_story_as)
    return listed_line(_label(parts, marks), report)


def whose_draft(origins: Sequence[Origin], names: Names, language: str) -> Draft:
    """For each citation of an answer who says it, who published that and when, and how many publishers there are."""
    return listed_draft([_origin_line(one, names, language) for one in origins])


def _origin_line(one: Origin, names: Names, language: str) -> ListedLine:
    words = _WORDS[language]
    publisher = one.quoted.publisher
    published = words["published"].format(publisher=publisher) if publisher else words["no_publisher"]
    speakers = " / ".join(voice_name(voice.entity_ids, voice.label, names, language) for voice in one.voices)
    parts = [speakers or words["unnamed"], published, _date(one.quoted, language)]
    count = words["several"].format(publishers=one.publishers) if one.publishers > 1 else words["one"]
    marks = [count] * bool(one.publishers) + [words["itself"]] * one.about_itself
    return ListedLine(_label(parts, marks), listed_line("", one.quoted).words, (one.quoted, *one.named_in))


def _date(quoted: Quoted, language: str) -> str:
    return spell_date(quoted.date, language) if quoted.date else _WORDS[language]["undated"]


def _label(parts: Sequence[str | None], marks: Sequence[str]) -> str:
    """`Marco Rubio, Reuters, 11 March 2025 (a party about itself)`."""
    return ", ".join(filter(None, parts)) + (f" ({'; '.join(marks)})" if marks else "")
