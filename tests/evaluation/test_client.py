"""The client against a server that speaks the contract."""

import datetime as dt

import pytest

from rag.client import ClientError, ParleyClient, ServerUnreachableError
from rag.errors import InvariantError


def test_asking_gives_an_answer(server, berlin, make_answer):
    server.answers["Who hosted?"] = make_answer("Who hosted?", (berlin, "They lasted five hours."))
    with ParleyClient(server.url) as parley:
        answer = parley.ask("Who hosted?", history=["Where?"], as_of=dt.date(2026, 1, 1))
    assert answer.citations[0].document_id == "berlin"


def test_documents_are_listed_and_read(server, davos):
    with ParleyClient(server.url + "/") as parley:
        assert [document.id for document in parley.documents()] == ["berlin", "davos"]
        assert parley.document("davos") == davos
        assert parley.document("no/such one") is None
        assert parley.index_version() == "0123456789ab"


def test_a_refusal_carries_status_code_and_delay(server):
    server.refusals["Who?"] = [(429, {"Retry-After": "7"})]
    with ParleyClient(server.url) as parley, pytest.raises(ClientError, match="429 from /api/ask: Not now") as caught:
        parley.ask("Who?")
    assert (caught.value.status, caught.value.code, caught.value.retry_after_s) == (429, "refused", 7)


def test_an_answer_that_breaks_the_contract_is_refused(server, berlin, make_answer):
    good = make_answer("Who?", (berlin, "They lasted five hours."))
    server.answers["Who?"] = good.model_copy(update={"citations": ()})
    with ParleyClient(server.url) as parley, pytest.raises(InvariantError, match="markers differ"):
        parley.ask("Who?")


def test_no_server_is_told_apart_from_a_refusal():
    with ParleyClient("http://127.0.0.1:9") as parley, pytest.raises(ServerUnreachableError, match="is the server up"):
        parley.ask("Who?")


@pytest.mark.parametrize("url", ["127.0.0.1:9", "ftp://127.0.0.1", "http://[bad"])
def test_what_is_no_web_address_is_refused(url):
    with pytest.raises(ServerUnreachableError), ParleyClient(url) as parley:
        parley.documents()
