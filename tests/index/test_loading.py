"""Loading real files: the seeds, each accepted form, and each way in which a file can be wrong."""

import datetime as dt
import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.documents import loading
from index.documents.loading import Loaded, load_paths
from index.errors import DocumentError
from index.text.language import guess_language
from index.types import Document, Source

GOOD = (
    '---\nid: good\ntitle: "A good one"\ndate: 2026-01-22\n---\nThe envoys met in the palace and said that it was so.\n'
)


def write(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def load_one(folder: Path, name: str, content: str | bytes) -> Document:
    loaded = load_paths([write(folder, name, content)])
    assert loaded.refusals == []
    assert len(loaded.documents) == 1
    return loaded.documents[0].document


def refusal_beside_good(folder: Path, name: str, content: str | bytes) -> str:
    """The message for a bad file, after checking that the good one beside it still loads."""
    write(folder, "0-good.md", GOOD)
    bad = write(folder, name, content)
    loaded = load_paths([folder])
    assert ids(loaded) == ["good"]
    assert [refusal.path for refusal in loaded.refusals] == [str(bad)]
    return loaded.refusals[0].message


def ids(loaded: Loaded) -> list[str]:
    return [entry.document.id for entry in loaded.documents]


def test_every_seed_loads_as_it_is_written() -> None:
    loaded = load_paths([Path("seeds")])
    assert loaded.refusals == []
    assert len(loaded.documents) == 92
    for entry in loaded.documents:
        raw = Path(entry.path).read_text(encoding="utf-8")
        assert entry.document.text == raw.split("\n---\n", 1)[1].strip()
        assert entry.document.id == Path(entry.path).stem
        assert entry.document.sources
        assert guess_language(entry.document.text) == entry.document.language


def test_front_matter_fields_reach_the_document(tmp_path: Path) -> None:
    content = """---
id: a.b-c_1
title: "Envoys:  \\"one issue\\""
date: 2026-01-22
kind: event
language: en-GB
people: ["Steve Witkoff", "Jared Kushner"]
places: Davos
topics: []
unknown: {a: [b]}
sources:
  - {publisher: AFP, title: "'Down to one issue'", date: 2026-01-21, url: "https://example.org/a?b=c"}
  - {publisher: Reuters, date: null, url: null}
---

Text.

---
More text.
"""
    assert load_one(tmp_path, "x.md", content) == Document(
        id="a.b-c_1",
        title='Envoys: "one issue"',
        date=dt.date(2026, 1, 22),
        kind="event",
        language="en",
        people=("Steve Witkoff", "Jared Kushner"),
        places=("Davos",),
        sources=(
            Source(
                publisher="AFP",
                title="'Down to one issue'",
                date=dt.date(2026, 1, 21),
                url="https://example.org/a?b=c",
            ),
            Source(publisher="Reuters"),
        ),
        text="Text.\n\n---\nMore text.",
    )


def test_values_are_taken_as_written(tmp_path: Path) -> None:
    document = load_one(tmp_path, "x.md", "---\nid: 007\ntitle: 28\nlanguage: no\n---\nTekst.")
    assert (document.id, document.title, document.language) == ("007", "28", "no")


def test_missing_id_comes_from_the_file_name(tmp_path: Path) -> None:
    assert load_one(tmp_path, "Звіт за січень (1).md", "---\ntitle: T\n---\nText").id == "звіт-за-січень-1"
    assert load_one(tmp_path, "!!!.txt", "Text").id.startswith("document-")


@pytest.mark.parametrize(
    ("name", "content", "title"),
    [
        ("a.md", "Intro.\n\n## The **first** heading ##\nText", "The first heading"),
        ("a.txt", "First line\nand the second.", "First line"),
        ("a.txt", "word " * 100, "word " * 23 + "word…"),
        ("a.md", "---\nA rule above prose.", "---"),
    ],
)
def test_title_without_front_matter(tmp_path: Path, name: str, content: str, title: str) -> None:
    document = load_one(tmp_path, name, content)
    assert document.title == title
    assert document.id == "a"
    assert document.date is None
    assert document.text == content.strip()


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The envoys met in the palace and said that it was so.", "en"),
        ("Переговори тривали п'ять годин і завершилися.", "uk"),
        ("Переговоры длились пять часов и завершились.", "ru"),
        ("Путин не будет в Москве", "ru"),
        ("Die Gespräche in Genf endeten ohne Ergebnis, und die Delegationen reisten ab.", "und"),
        ("Преговорите в Женева завършиха без резултат.", "und"),
        ("Перамовы ў Жэневе скончыліся.", "und"),
        ("12345", "und"),
        ("", "und"),
    ],
)
def test_language_is_guessed_from_the_letters_or_left_open(text: str, language: str) -> None:
    assert guess_language(text) == language


@pytest.mark.parametrize("written", ["2026-01-22T23:59:00Z", "2026-01-22 10:00:00 +02:00", "'2026-01-22'"])
def test_date_and_time_is_its_day(tmp_path: Path, written: str) -> None:
    assert load_one(tmp_path, "x.md", f"---\ntitle: T\ndate: {written}\n---\nx").date == dt.date(2026, 1, 22)


def test_newlines_unicode_and_control_characters_are_normalised(tmp_path: Path) -> None:
    content = "\ufeff---\r\ntitle: Cafe\u0301\x07\r\n---\r\n\r\nOne\x1b[31m\r\ntwo\tки\u0306в\x0cthree\rfour \r\n"
    document = load_one(tmp_path, "x.md", content)
    assert document.title == "Caf\u00e9"
    assert document.text == "One[31m\ntwo\tкйв\nthree\nfour"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig"])
def test_byte_order_mark_names_the_encoding(tmp_path: Path, encoding: str) -> None:
    assert load_one(tmp_path, "x.txt", "Київ чекає".encode(encoding)).text == "Київ чекає"


BAD_FILES = {
    "broken YAML": ("---\ntitle: a: b\n---\nText", "not valid YAML.* at line 2; .*quotation marks"),
    "unclosed list": ("---\ntitle: T\npeople: [a\n---\nText", "not valid YAML"),
    "unclosed front matter": ("---\ntitle: T\n\nText", "never closed; put a line `---`"),
    "a list": ("---\n- a\n---\nText", "front matter is a list"),
    "plain text": ("---\nJust words\n---\nText", "front matter is plain text"),
    "deep nesting": ("---\na: " + "[" * 50_000 + "\n---\nText", "nested too deeply"),
    "recursive alias": ("---\na: &a [*a]\n---\nText", "not valid YAML"),
    "endless front matter": ("---\ntitle: " + "x" * 100_000 + "\n---\nText", "use at most 100000"),
    "no title": ("---\nid: x\n---\nText", "no title; add a field `title`"),
    "empty title": ('---\ntitle: " "\n---\nText', "no title"),
    "title list": ("---\ntitle: [a]\n---\nText", r"title \['a'\] is not text"),
    "impossible date": ("---\ntitle: T\ndate: 2026-13-45\n---\nx", "date '2026-13-45' is not a day; write.*YYYY-MM-DD"),
    "vague date": ("---\ntitle: T\ndate: soon\n---\nx", "date 'soon' is not a day"),
    "month": ("---\ntitle: T\ndate: 2026-01\n---\nx", "date '2026-01' is not a day"),
    "empty body": ("---\ntitle: T\n---\n \n", "no text; add some"),
    "empty file": ("", "no text"),
    "cp1251": ("---\ntitle: Т\n---\nКиїв".encode("cp1251"), "not UTF-8.*save it as UTF-8"),
    "latin-1": ("Anchorage caf\xe9 talks".encode("latin-1"), "byte 0xe9 at position 13"),
    "binary": (b"text\0more", "NUL character at position 4.*binary"),
    "torn UTF-16": ("Київ".encode("utf-16")[:-1], "not UTF-16"),
    "people mapping": ("---\ntitle: T\npeople: {a: b}\n---\nx", "people .* is not a list of texts"),
    "people nested": ("---\ntitle: T\npeople: [[a]]\n---\nx", "people .* is not a list of texts"),
    "sources text": ("---\ntitle: T\nsources: AFP\n---\nx", "sources 'AFP' is not a list of sources; write each as"),
    "sources list of text": ("---\ntitle: T\nsources: [AFP]\n---\nx", "is not a list of sources"),
    "source date": ("---\ntitle: T\nsources: [{date: x}]\n---\nx", "source 1: date 'x' is not a day"),
    "source script": (
        "---\ntitle: T\nsources: [{url: 'javascript:a()'}]\n---\nx",
        "source 1: url .* not a web address",
    ),
    "source publisher": ("---\ntitle: T\nsources: [{publisher: [a]}]\n---\nx", "source 1: publisher .* is not text"),
    "id with slash": ("---\nid: ../x\ntitle: T\n---\nx", "id '../x' cannot be used; use letters"),
    "id of dots": ("---\nid: '..'\ntitle: T\n---\nx", "cannot be used"),
    "long id": ("---\nid: " + "x" * 201 + "\ntitle: T\n---\nx", "201 characters; use at most 200"),
    "language name": ("---\ntitle: T\nlanguage: English\n---\nx", "language 'English' is not a code"),
}


@pytest.mark.parametrize("case", BAD_FILES)
def test_bad_file_gets_one_refusal_and_the_rest_loads(tmp_path: Path, case: str) -> None:
    content, message = BAD_FILES[case]
    refusal = refusal_beside_good(tmp_path, "bad.md", content)
    assert re.search(message, refusal), refusal
    assert "\n" not in refusal
    assert len(refusal) < 300


@pytest.mark.parametrize("name", ["report.odt", "page.XLSX", "notes"])
def test_other_formats_are_refused_by_name(tmp_path: Path, name: str) -> None:
    message = refusal_beside_good(tmp_path, name, "Text")
    assert (Path(name).suffix.lower() or "without an extension") in message
    assert "save it as one of .md, .markdown, .txt, .jsonl, .html" in message


def test_duplicate_id_refuses_the_second_file_and_names_both(tmp_path: Path) -> None:
    first = write(tmp_path, "a.md", GOOD)
    second = write(tmp_path, "b/c.md", GOOD)
    loaded = load_paths([tmp_path])
    assert [entry.path for entry in loaded.documents] == [str(first)]
    assert [refusal.path for refusal in loaded.refusals] == [str(second)]
    assert str(first) in loaded.refusals[0].message
    assert "'good'" in loaded.refusals[0].message


def test_file_reached_twice_is_read_once(tmp_path: Path) -> None:
    path = write(tmp_path, "a.md", GOOD)
    loaded = load_paths([tmp_path, path, tmp_path / "." / "a.md"])
    assert (ids(loaded), loaded.refusals) == (["good"], [])


def test_folders_are_read_in_order_and_hidden_files_passed_over(tmp_path: Path) -> None:
    for name in ("b.txt", "a.txt", "sub/c.txt", ".hidden.txt", ".git/d.txt", "sub/.e/f.txt"):
        write(tmp_path, name, f"Text of {name}")
    loaded = load_paths([tmp_path])
    assert (ids(loaded), loaded.refusals) == (["a", "b", "c"], [])
    assert ids(load_paths([tmp_path / ".hidden.txt"])) == ["hidden"]


def test_links_that_lead_out_of_the_folder_are_refused(tmp_path: Path) -> None:
    outside = write(tmp_path, "outside/secret.txt", "Secret text")
    inside = write(tmp_path, "docs/.store/a.txt", "Inner text").parent.parent
    (inside / "a.txt").symlink_to(".store/a.txt")
    (inside / "folder").symlink_to(outside.parent)
    (inside / "loop").symlink_to(".")
    (inside / "nowhere.txt").symlink_to("missing.txt")
    (inside / "secret.txt").symlink_to(outside)
    loaded = load_paths([inside])
    assert ids(loaded) == ["a"]
    assert [Path(refusal.path).name for refusal in loaded.refusals] == ["folder", "nowhere.txt", "secret.txt"]
    assert "leads out of the folder" in loaded.refusals[0].message
    assert "No such file" in loaded.refusals[1].message


def test_missing_path_is_an_error_that_names_it(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match=r"nothing-here.* does not exist"):
        load_paths([write(tmp_path, "a.md", GOOD), tmp_path / "nothing-here"])


def test_pipe_is_refused_without_waiting_for_it(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    assert "not a regular file" in load_paths([tmp_path]).refusals[0].message


def test_nothing_to_load_is_empty(tmp_path: Path) -> None:
    assert load_paths([]) == load_paths([tmp_path]) == Loaded()


@pytest.fixture
def folder_of_another_user() -> Iterator[Path]:
    """A folder that everyone may enter, read as a user without root's rights."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    user = os.geteuid()
    try:
        yield folder
    finally:
        os.seteuid(user)
        (folder / "closed").chmod(0o700)
        shutil.rmtree(folder)


def test_unreadable_file_and_folder_are_refused(folder_of_another_user: Path) -> None:
    folder = folder_of_another_user
    write(folder, "good.md", GOOD)
    closed_file = write(folder, "closed.md", GOOD)
    closed_folder = write(folder, "closed/x.md", GOOD).parent
    closed_file.chmod(0)
    closed_folder.chmod(0)
    if os.geteuid() == 0:
        os.seteuid(65534)
    loaded = load_paths([folder, closed_folder / "x.md"])
    assert ids(loaded) == ["good"]
    closed = [str(closed_file), str(closed_folder), str(closed_folder / "x.md")]
    assert [refusal.path for refusal in loaded.refusals] == closed
    assert all("change its permissions" in refusal.message for refusal in loaded.refusals)


def test_too_large_file_and_line_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "MAX_BYTES", 2_000_000)
    write(tmp_path, "exact.txt", "x" * 2_000_000)
    write(tmp_path, "large.txt", "x" * 2_000_001)
    lines = [json.dumps({"id": f"j{n}", "title": "T", "text": "x" * size}) for n, size in enumerate([5, 5_000_000, 5])]
    write(tmp_path, "lines.jsonl", "\n".join(lines))
    loaded = load_paths([tmp_path])
    assert ids(loaded) == ["exact", "j0", "j2"]
    assert [Path(refusal.path).name for refusal in loaded.refusals] == ["large.txt", "lines.jsonl"]
    assert "larger than 2 MB" in loaded.refusals[0].message
    assert loaded.refusals[1].message.startswith("line 2: it is longer than 2 MB")


def test_lines_of_documents_load_and_bad_lines_are_refused_by_number(tmp_path: Path) -> None:
    good = {"id": "one", "title": "T", "text": "Текст\r\nщо тут є", "lang": "uk", "date": "2026-01-22T10:00:00"}
    lines: list[object] = [
        good,
        {"id": 2, "title": "T", "text": "x", "url": "https://example.org", "publisher": "AFP", "people": "Rutte"},
        "",
        "{broken",
        [1],
        {"title": "T", "text": "x"},
        {"id": "untitled", "text": "CNN —\n\nThe envoys met again in the palace.\nNothing was said."},
        {"id": "a", "title": "T"},
        {"id": "a", "title": "T", "text": " "},
        {"id": "one", "title": "T", "text": "x"},
        {"id": "a", "title": "T", "text": "x", "date": 20260122},
        {"id": "a", "title": "T", "text": "x", "url": "file:///etc/passwd"},
        {"id": "a", "title": "T", "text": "x\0y"},
        "[" * 100_000,
        "1" * 5000,
        {"id": "last", "title": "T \ud800", "text": "x"},
    ]
    content = "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines)
    path = write(tmp_path, "docs.jsonl", "\ufeff" + content)
    loaded = load_paths([path])
    assert ids(loaded) == ["one", "2", "untitled", "last"]
    one, two, untitled, last = [entry.document for entry in loaded.documents]
    assert (one.text, one.language, one.date) == ("Текст\nщо тут є", "uk", dt.date(2026, 1, 22))
    assert two.sources == (Source(publisher="AFP", url="https://example.org"),)
    assert two.people == ("Rutte",)
    assert untitled.title == "The envoys met again in the palace."
    assert last.title == "T \ufffd"
    refused = [f"line {number}" for number in (4, 5, 6, *range(8, 16))]
    assert [refusal.message.partition(":")[0] for refusal in loaded.refusals] == refused
    assert "docs.jsonl, line 1" in loaded.refusals[5].message
    assert all(refusal.path == str(path) and len(refusal.message) < 300 for refusal in loaded.refusals)


def test_lines_in_another_encoding_are_refused(tmp_path: Path) -> None:
    line = json.dumps({"id": "a", "title": "Т", "text": "Київ"}, ensure_ascii=False)
    assert "not UTF-8" in refusal_beside_good(tmp_path, "a.jsonl", line.encode("cp1251"))
    assert "it is UTF-16" in refusal_beside_good(tmp_path, "a.jsonl", f"{line}\n{line}".encode("utf-16"))


def test_content_hash_is_stable_and_follows_every_field(tmp_path: Path) -> None:
    versions = [GOOD, GOOD.replace("22", "23"), GOOD.replace("so.", "so!"), GOOD.replace("title:", "topics: x\ntitle:")]
    hashes = [load_paths([write(tmp_path, "a.md", version)]).documents[0].content_hash for version in versions]
    assert len(set(hashes)) == len(versions)
    again = load_paths([write(tmp_path, "elsewhere/b.md", GOOD.replace("\n", "\r\n"))]).documents[0]
    assert again.content_hash == hashes[0]
