"""What the page says about the collection and about Parley itself: how much there is, whether it can answer, About."""

from index.types import Coverage, Progress
from rag.service import Building, Failed, Ready, Service
from rag.web.answer_view import notice
from rag.web.markup import escape_line
from rag.web.strings import Strings


def coverage_line(coverage: Coverage, strings: Strings) -> str:
    """How many documents there are, and from when to when."""
    if not coverage.documents:
        return notice(strings("collection.empty"))
    count = escape_line(strings.documents(coverage.documents))
    reach = ""
    if coverage.newest:
        oldest, newest = strings.date(coverage.oldest), strings.date(coverage.newest)
        reach = escape_line(", " + strings("collection.reach", oldest=oldest, newest=newest))
    return f'<p class="coverage"><strong>{count}</strong>{reach}</p>'


def status_block(service: Service, strings: Strings) -> str:
    """How far the index is while it is built, why there is none, what could not be brought up to date, who is away."""
    match service.state:
        case Building(progress=progress) if progress.total:
            count = escape_line(strings("collection.progress", done=progress.done, total=progress.total))
            return (
                f'<div class="building"><p>{escape_line(strings("collection.building"))}</p>'
                f'<progress value="{progress.done}" max="{progress.total}">{count}</progress>'
                f'<p class="count">{escape_line(progress.stage.capitalize())}: {count}'
                f"{escape_line(_pace(progress, strings))}</p></div>"
            )
        case Building():
            starting = escape_line(strings("collection.starting"))
            return f'<div class="building"><p>{starting}</p><progress>{starting}</progress></div>'
        case Failed(message=message):
            failed = escape_line(strings("collection.failed"))
            return f'<div class="failure"><p class="verdict">{failed}</p>{notice(message)}</div>'
        case Ready(assistant=assistant) if assistant.model and assistant.model.status == "away":
            return _late(service) + notice(strings("collection.model_away", model=assistant.model.name))
    return _late(service)


def _late(service: Service) -> str:
    return notice(service.notice) if service.notice else ""


def _pace(progress: Progress, strings: Strings) -> str:
    """The rate and the time left, once they can be told."""
    if progress.per_second is None or progress.seconds_left is None:
        return ""
    minutes, seconds = divmod(round(progress.seconds_left), 60)
    return ", " + strings("collection.pace", rate=f"{progress.per_second:.1f}", left=f"{minutes}:{seconds:02}")


def about_box(service: Service, strings: Strings) -> str:
    """What Parley covers and until when, how it answers and with what, what it will not do, what it keeps."""
    covers, by, version = strings("about.covers_nothing"), "", ""
    state = service.state
    if isinstance(state, Ready):
        with state.collection.snapshot() as snapshot:
            coverage = snapshot.coverage(None)
            version = strings("about.version", version=snapshot.version)
        covers = _covers(coverage, strings)
        answerer = state.assistant.answerer
        by = strings("about.extractive" if answerer == "extractive" else "about.generative", answerer=answerer)
    sections = [
        ("covers", (covers,)),
        ("answers", (strings("about.answers_text"), by)),
        ("refuses", (strings("about.refuses_text"),)),
        ("keeps", (strings("about.keeps_text"),)),
    ]
    body = "".join(
        f"<h2>{escape_line(strings(f'about.{name}'))}</h2>"
        + "".join(f"<p>{escape_line(paragraph)}</p>" for paragraph in paragraphs if paragraph)
        for name, paragraphs in sections
    )
    return f'<article class="about">{body}<p class="version">{escape_line(version)}</p></article>'


def _covers(coverage: Coverage, strings: Strings) -> str:
    if not coverage.documents:
        return strings("about.covers_nothing")
    return strings(
        "about.covers_text",
        documents=strings.documents(coverage.documents),
        oldest=strings.date(coverage.oldest),
        newest=strings.date(coverage.newest),
    )
