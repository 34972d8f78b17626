"""How the service opens: first build, later starts, and what it says when it cannot."""

import logging
from pathlib import Path

import pytest
from library import LAKE
from serving import STARTUP_S, library_settings

from index.storage.lock import WriteLock
from index.types import Progress
from rag.service import Building, Failed, Ready, Service


def opened(service: Service) -> Service:
    """The service when its thread is done."""
    service.start()
    service.wait(STARTUP_S)
    assert not isinstance(service.state, Building)
    return service


def document_ids(service: Service) -> set[str]:
    with service.ready().collection.snapshot() as snapshot:
        return {document.id for document in snapshot.documents()}


def test_the_first_start_builds_the_index_and_reports_progress(tmp_path: Path) -> None:
    seen: list[Progress] = []
    service = opened(Service(library_settings(tmp_path), seen.append))
    assert document_ids(service) == {"lake-conference", "ferry", "grain"}
    assert any(progress.total and progress.done for progress in seen)
    assert service.notice is None
    service.close()


def test_a_later_start_takes_over_what_changed_in_the_seeds(tmp_path: Path) -> None:
    settings = library_settings(tmp_path)
    opened(Service(settings)).close()
    (settings.seeds / "ferry.md").unlink()
    service = opened(Service(settings))
    assert document_ids(service) == {"lake-conference", "grain"}
    service.close()


def test_a_home_made_from_other_documents_does_not_get_the_seeds(tmp_path: Path) -> None:
    settings = library_settings(tmp_path)
    opened(Service(settings)).close()
    other = tmp_path / "other"
    other.mkdir()
    (other / "x.md").write_text(LAKE.replace("lake-conference", "x"), encoding="utf-8")
    service = opened(Service(settings.model_copy(update={"seeds": other})))
    assert document_ids(service) == {"lake-conference", "ferry", "grain"}
    service.close()


def test_a_home_that_another_process_writes_to_serves_what_it_has_and_says_so(tmp_path: Path) -> None:
    settings = library_settings(tmp_path)
    opened(Service(settings)).close()
    with WriteLock(settings.home):
        service = opened(Service(settings))
    assert isinstance(service.state, Ready)
    assert "could not be brought up to date" in service.notice
    service.close()


def test_seeds_that_are_all_broken_are_one_sentence(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    settings = library_settings(tmp_path)
    for path in settings.seeds.iterdir():
        path.write_text("---\ntitle: [\n---\nx\n", encoding="utf-8")
    with caplog.at_level(logging.CRITICAL):
        service = opened(Service(settings))
    assert isinstance(service.state, Failed)
    assert "can be read" in service.state.message
    assert "\n" not in service.state.message


def test_one_broken_seed_does_not_keep_the_others_out(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    settings = library_settings(tmp_path)
    (settings.seeds / "ferry.md").write_text("---\ntitle: [\n---\nx\n", encoding="utf-8")
    service = opened(Service(settings))
    assert document_ids(service) == {"lake-conference", "grain"}
    assert "ferry.md" in caplog.text
    service.close()


def test_seeds_broken_later_leave_the_old_index_serving(tmp_path: Path) -> None:
    settings = library_settings(tmp_path)
    opened(Service(settings)).close()
    for path in settings.seeds.iterdir():
        path.write_text("", encoding="utf-8")
    service = opened(Service(settings))
    assert document_ids(service) == {"lake-conference", "ferry", "grain"}
    assert service.notice
    service.close()


def test_a_home_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file where the folder should be")
    service = opened(Service(library_settings(tmp_path)))
    assert isinstance(service.state, Failed)
    assert "PARLEY_HOME" in service.state.message
    assert "\n" not in service.state.message


def test_seeds_that_are_not_there_are_one_sentence(tmp_path: Path) -> None:
    settings = library_settings(tmp_path).model_copy(update={"seeds": tmp_path / "nowhere"})
    service = opened(Service(settings))
    assert isinstance(service.state, Failed)
    assert "nowhere" in service.state.message
