"""A briefing on the command line: `python -m rag briefing`."""

import argparse
from pathlib import Path

from index.settings import Settings
from index.text.names import load_names
from rag.errors import FileError
from rag.language import reader_language
from rag.opening import open_collection
from rag.question import clean_question
from rag.reading.briefing import Brief, Briefings
from rag.web.page.briefing_files import briefing_html, briefing_markdown
from rag.web.strings import Strings


def briefing(options: argparse.Namespace, settings: Settings) -> str:
    """The briefing in the form that was asked for."""
    topic = clean_question(options.topic)
    with open_collection(settings) as collection, collection.snapshot() as snapshot:
        brief = Brief(topic, options.as_of, options.since)
        made = Briefings(load_names(settings.names)).write(snapshot, collection.embedder, brief)
    strings = Strings(reader_language(topic))
    match options.format:
        case "json":
            return made.model_dump_json(indent=2) + "\n"
        case "html":
            return briefing_html(made, strings)
        case _:
            return briefing_markdown(made, strings)


def write_out(text: str, path: Path) -> None:
    """Put the text into a file. Raises FileError where it cannot be written."""
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise FileError(f"{path} cannot be written ({error.strerror}); name another file") from error
