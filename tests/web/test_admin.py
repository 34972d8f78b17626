"""The administrator's part, over a real server: adding, replacing and removing documents while readers go on."""

import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from http.client import HTTPConnection
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from pydantic import SecretStr
from serving import STARTUP_S, RunningServer, ThreadedServer, library_settings

from index.embedding import Embedder
from index.storage.lock import WriteLock
from rag.service import Ready, Service
from rag.web.admin import MAX_UPLOAD_BYTES, safe_name

TOKEN = "correct horse battery staple"
HEADERS = {"Authorization": f"Bearer {TOKEN}"}
JOB_S = 120
QUESTION = "How many prisoners did the sides agree to exchange?"
COMET = "The comet Varga was seen from the observatory of Ostrava on 4 May 2026. It has a green tail."


@pytest.fixture(scope="module")
def admin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """A server with a token, over a library of its own."""
    settings = library_settings(tmp_path_factory.mktemp("admin"))
    service = Service(settings.model_copy(update={"admin_token": SecretStr(TOKEN)}))
    service.start()
    assert isinstance(service.wait(STARTUP_S), Ready), service.state
    with ThreadedServer(service) as running:
        yield RunningServer(running.url, service)
    service.close()


@pytest.fixture
def api(admin: RunningServer) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=admin.url, headers=HEADERS, timeout=60) as client:
        yield client


def finished(api: httpx.Client, response: httpx.Response) -> dict:
    """The job when it is done or has failed."""
    assert response.status_code == 202, response.text
    job = response.json()
    deadline = time.monotonic() + JOB_S
    while job["state"] in ("waiting", "running") and time.monotonic() < deadline:
        time.sleep(0.05)
        job = api.get(f"/api/admin/jobs/{job['id']}").json()
    return job


def send(api: httpx.Client, **files: str | bytes) -> httpx.Response:
    """Files by name, in which `__` stands for the dot."""
    return api.post(
        "/api/admin/documents", files=[("file", (name.replace("__", "."), data)) for name, data in files.items()]
    )


def test_without_a_token_there_is_nothing(server: RunningServer) -> None:
    for method, path in [
        ("GET", "/admin"),
        ("POST", "/api/admin/documents"),
        ("DELETE", "/api/admin/documents/lake-conference"),
        ("GET", "/api/admin/jobs"),
    ]:
        for headers in ({}, HEADERS, {"Authorization": "Bearer"}):
            response = httpx.request(method, server.url + path, headers=headers)
            assert (response.status_code, response.json()["error"]["code"]) == (404, "not_found")


@pytest.mark.parametrize("sent", [None, "", "Bearer", "Bearer wrong", f"Basic {TOKEN}", TOKEN, f"Bearer {TOKEN}x"])
def test_wrong_token_is_turned_away(admin: RunningServer, sent: str | None) -> None:
    headers = {} if sent is None else {"Authorization": sent}
    for method, path in [
        ("POST", "documents"),
        ("DELETE", "documents/lake-conference"),
        ("GET", "jobs"),
        ("GET", "jobs/x"),
    ]:
        response = httpx.request(method, f"{admin.url}/api/admin/{path}", headers=headers)
        assert response.status_code == 401
        assert response.json()["error"]["code"] == "unauthorized"
        assert response.headers["www-authenticate"] == "Bearer"
    assert httpx.get(f"{admin.url}/api/documents/lake-conference").status_code == 200


def test_document_is_added_replaced_and_removed(api: httpx.Client) -> None:
    job = finished(api, send(api, comet__txt=COMET))
    assert (job["state"], job["report"]["added"], job["names"]) == ("done", ["comet"], ["comet.txt"])
    answer = api.post("/api/ask", json={"question": "Where was the comet Varga seen from?"}).json()
    assert {citation["document_id"] for citation in answer["citations"]} == {"comet"}
    job = finished(api, send(api, comet__txt=COMET.replace("green", "blue")))
    assert job["report"]["changed"] == ["comet"]
    assert job["report"]["index_version"] == api.get("/readyz").json()["index_version"]
    assert "blue" in api.get("/api/documents/comet").json()["text"]
    assert [each["document"]["text"] for each in api.get("/api/documents/comet/versions").json()] == [COMET]
    removal = api.delete("/api/admin/documents/comet")
    assert (removal.status_code, removal.json()["report"]["removed"]) == (200, ["comet"])
    for path in ("/api/documents/comet", "/api/documents/comet/versions", "/documents/comet"):
        assert api.get(path).status_code == 404
    assert api.delete("/api/admin/documents/comet").status_code == 404


def test_refusals_are_told_by_name_and_the_rest_is_added(api: httpx.Client) -> None:
    files = {"good__txt": "The envoys met again in the palace.", "bad__pdf": b"%PDF-1.7 broken", "sheet__xlsx": b"PK"}
    job = finished(api, send(api, **files, ferry__txt="Another text for an id that a seed has."))
    assert job["state"] == "done"
    assert job["report"]["added"] == ["good"]
    refusals = {each["name"]: each["message"] for each in job["report"]["refusals"]}
    assert set(refusals) == {"upload:bad.pdf", "upload:sheet.xlsx", "upload:ferry.txt"}
    assert "is already that of" in refusals["upload:ferry.txt"]
    assert [each["name"] for each in job["report"]["notes"]] == ["upload:good.txt"]
    assert "undated" in job["report"]["notes"][0]["message"]
    assert job["id"] in [each["id"] for each in api.get("/api/admin/jobs").json()]


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("..\\..\\boot.txt", "boot.txt"),
        ("/etc/passwd", "passwd"),
        ("a/../../.ssh/id.md", "id.md"),
        ("....txt", "txt"),
        ("..", "document"),
        ("", "document"),
        ("a\0b.txt", "ab.txt"),
        ("a\r\nb.txt", "a b.txt"),
        (".env", "env"),
        ("x" * 300 + ".pdf", "x" * 50 + ".pdf"),
        ("звіт 1.docx", "звіт 1.docx"),
    ],
)
def test_file_name_leads_nowhere(name: str, kept: str) -> None:
    assert safe_name(name) == kept


def test_uploads_leave_no_file_behind(api: httpx.Client, admin: RunningServer, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    response = api.post("/api/admin/documents", files=[("file", ("../../../escape.txt", "A text that stays inside."))])
    assert finished(api, response)["report"]["added"] == ["escape"]
    assert list(tmp_path.rglob("*")) == []
    assert not list(admin.service.settings.home.parent.rglob("escape*"))


@pytest.mark.parametrize(
    ("request_", "message"),
    [
        ({"json": {}}, "neither a file nor an address"),
        ({"json": {"path": "/etc/passwd"}}, "neither a form"),
        ({"content": b"\xff"}, "neither a form"),
        ({"json": {"url": "file:///etc/passwd"}}, "only http"),
        ({"json": {"url": "http://a:b@example.org/"}}, "user name or password"),
        ({"json": {"urls": ["https://example.org/a b"]}}, "a space"),
        ({"data": {"url": "javascript:alert(1)"}, "files": {"other": b"x"}}, "not a web address"),
        ({"content": b"--x", "headers": {"Content-Type": "multipart/form-data"}}, "the form cannot be read"),
    ],
)
def test_request_that_cannot_be_used_is_refused(api: httpx.Client, request_: dict, message: str) -> None:
    response = api.post("/api/admin/documents", **request_)
    assert response.status_code == 400
    assert message in response.json()["error"]["message"]


def test_private_address_is_a_refusal_of_the_job(api: httpx.Client, admin: RunningServer) -> None:
    job = finished(api, api.post("/api/admin/documents", json={"url": f"{admin.url}/documents/lake-conference"}))
    assert job["state"] == "done"
    assert "private network" in job["report"]["refusals"][0]["message"]


def test_too_large_an_upload_is_refused_before_it_is_read(api: httpx.Client) -> None:
    with closing(HTTPConnection(api.base_url.host, api.base_url.port, timeout=60)) as connection:
        connection.putrequest("POST", "/api/admin/documents")
        connection.putheader("Content-Length", str(MAX_UPLOAD_BYTES + 1))
        connection.endheaders()  # and nothing of the body
        assert connection.getresponse().status == 413


def test_job_waits_while_another_process_writes_and_readers_go_on(api: httpx.Client, admin: RunningServer) -> None:
    with WriteLock(admin.service.settings.home):
        response = send(api, patient__txt="The ferry to Zembla waits for the tide on 3 March 2026.")
        deadline = time.monotonic() + JOB_S
        stage = ""
        while "another process" not in stage and time.monotonic() < deadline:
            stage = api.get(f"/api/admin/jobs/{response.json()['id']}").json()["progress"]["stage"]
        assert "another process" in stage
        assert api.post("/api/ask", json={"question": QUESTION}).json()["status"] == "answered"
    assert finished(api, response)["report"]["added"] == ["patient"]


def test_readers_go_on_while_documents_are_added(api: httpx.Client, admin: RunningServer) -> None:
    texts = {f"day{n}__txt": f"On day {n} the river stood at {n} metres in Ostrava. " * 12 for n in range(40)}
    response = send(api, **texts)
    seen = set()
    answered = 0
    while (job := api.get(f"/api/admin/jobs/{response.json()['id']}").json())["state"] in ("waiting", "running"):
        seen.add(job["progress"]["stage"])
        answered += api.post("/api/ask", json={"question": QUESTION}).json()["status"] == "answered"
    assert len(job["report"]["added"]) == 40
    assert answered > 0
    assert "embedding" in seen


class _QuietFiles(SimpleHTTPRequestHandler):
    def log_message(self, *arguments: object) -> None:
        pass


@pytest.fixture
def files_url(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """A folder and the address under which a web server of its own shows it."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), lambda *given: _QuietFiles(*given, directory=str(tmp_path)))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield tmp_path, f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
    thread.join()


def test_page_at_an_address_is_added_where_private_ones_are_allowed(
    tmp_path_factory: pytest.TempPathFactory, files_url: tuple[Path, str]
) -> None:
    folder, url = files_url
    (folder / "news.html").write_text(f"<html><head><title>A comet</title></head><body><p>{COMET}</p></body></html>")
    settings = library_settings(tmp_path_factory.mktemp("intranet"))
    service = Service(settings.model_copy(update={"admin_token": SecretStr(TOKEN), "allow_private_urls": True}))
    service.start()
    assert isinstance(service.wait(STARTUP_S), Ready)
    with ThreadedServer(service) as running, httpx.Client(base_url=running.url, headers=HEADERS, timeout=60) as api:
        job = finished(api, api.post("/api/admin/documents", json={"url": f"{url}/news.html"}))
        (added,) = job["report"]["added"]
        assert api.get(f"/api/documents/{added}").json()["title"] == "A comet"
    service.close()


def test_list_of_documents_leads_to_the_administrators_page_where_there_is_one(
    admin: RunningServer, server: RunningServer
) -> None:
    assert '<a href="/admin">' in httpx.get(f"{admin.url}/documents").text
    assert "/admin" not in httpx.get(f"{server.url}/documents").text


def test_list_of_documents_says_what_was_replaced(api: httpx.Client) -> None:
    wire = "The delegations agreed at the lake to exchange prisoners before the week is over, the mediator said. " * 3
    words = f"{wire} Ferries would bring them across the strait and the lists had been compared during the night."
    first = {"id": "wire", "title": "Prisoners", "text": words, "publisher": "Gazette", "date": "2026-02-03"}
    second = {**first, "id": "wire-2", "title": "UPDATE 1: Prisoners"}
    lines = "\n".join(json.dumps(each) for each in (first, second))
    assert finished(api, send(api, wire__jsonl=lines))["report"]["added"] == ["wire", "wire-2"]
    assert '<a href="/documents/wire-2">A later version has replaced this one</a>' in api.get("/documents").text
    documents = {each["id"]: each for each in api.get("/api/documents").json()["documents"]}
    assert (documents["wire"]["superseded_by"], documents["wire"]["story"]) == ("wire-2", "wire")


@pytest.mark.browser
def test_administrator_works_on_the_page(admin: RunningServer, open_page: Callable, tmp_path: Path) -> None:
    (tmp_path / "moon.txt").write_text("The moon over Ostrava was full on 2 June 2026. Nobody saw it.")
    (tmp_path / "torn.pdf").write_bytes(b"%PDF-1.7 torn")
    page = open_page("/admin", url=admin.url)
    assert page.locator("#work").is_hidden()
    page.get_by_label("Administrator's token").fill(TOKEN)
    page.keyboard.press("Enter")
    page.get_by_label("Files").set_input_files([tmp_path / "moon.txt", tmp_path / "torn.pdf"])
    page.get_by_role("button", name="Add").click()
    page.get_by_text("moon.txt, torn.pdf: 1 added, 1 refused").wait_for(timeout=JOB_S * 1000)
    assert "Refused: torn.pdf: it is not a PDF that can be read" in page.locator("#jobs").inner_text()
    assert Axe().run(page).violations_count == 0
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_label("Show only").fill("moon")
    page.get_by_role("button", name="Remove The moon over Ostrava").click()
    page.get_by_text("moon: 1 removed").first.wait_for(timeout=JOB_S * 1000)
    page.locator("#documents > li").wait_for(state="detached")
    assert httpx.get(f"{admin.url}/api/documents/moon").status_code == 404


@pytest.mark.browser
def test_page_shows_rate_and_time_left_also_of_work_that_another_tab_began(
    admin: RunningServer, api: httpx.Client, open_page: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = threading.Event()
    encode = Embedder.encode_passages

    def unhurried(embedder: Embedder, *texts: object) -> object:
        seen.wait(0.6)
        return encode(embedder, *texts)

    monkeypatch.setattr(Embedder, "encode_passages", unhurried)
    page = open_page("/admin", url=admin.url)
    page.get_by_label("Administrator's token").fill(TOKEN)
    texts = {f"tide{n}__txt": f"On day {n} the tide came {n} minutes late to Ostrava." for n in range(130)}
    lines = "\n".join(json.dumps({"id": name, "title": name, "text": text}) for name, text in texts.items())
    response = send(api, tides__jsonl=lines)
    page.keyboard.press("Enter")
    told = re.compile(r"embedding.*, \d+ of \d+, [\d.]+ a second, \d+ (s|min) left")
    page.locator("#jobs > li").first.get_by_text(told).wait_for(timeout=JOB_S * 1000)
    seen.set()
    page.get_by_text("130 added").first.wait_for(timeout=JOB_S * 1000)
    assert finished(api, response)["report"]["refusals"] == []
