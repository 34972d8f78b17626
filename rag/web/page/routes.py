"""The addresses of the page beside Gradio's: documents and their list, stored answers, exported conversations."""

from typing import Literal

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse, Response

from index.errors import IndexNotReadyError
from index.text.names import load_names
from rag.reading.sourcing import document_notes
from rag.records import Records, StoredAnswer
from rag.service import Service
from rag.web.admin import admin_token
from rag.web.api import find_answer, find_document
from rag.web.page.answer_page import Since, answer_page, compare
from rag.web.page.catalogue import Catalogue
from rag.web.page.documents_page import documents_page, read_filters
from rag.web.page.export import conversation_json, conversation_markdown
from rag.web.security import FORM_POLICY
from rag.web.source_page import parse_span, source_page
from rag.web.strings import Strings, interface_strings

_PRIVATE = {"Cache-Control": "no-store"}
_IN_LANGUAGE = {"Vary": "Accept-Language, Cookie"}
_MEDIA_TYPES = {"md": "text/markdown; charset=utf-8", "json": "application/json"}


def page_router(service: Service, records: Records) -> APIRouter:
    """The routes, over one service and its records."""
    router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
    catalogue = Catalogue(load_names(service.settings.names))

    @router.get("/documents")
    def documents(request: Request) -> HTMLResponse:
        filters, page, unreadable = read_filters(request.query_params)
        with service.ready().collection.snapshot() as snapshot:
            listing, offers = catalogue.find(snapshot, filters, page), catalogue.offers(snapshot)
        managed = bool(admin_token(service.settings))
        html = documents_page(listing, offers, filters, unreadable, _strings(request), managed=managed)
        return HTMLResponse(html, headers={**_IN_LANGUAGE, "Content-Security-Policy": FORM_POLICY})

    @router.get("/documents/{document_id}")
    def source(request: Request, document_id: str, start: str | None = None, end: str | None = None) -> HTMLResponse:
        document = find_document(service, document_id)
        span = parse_span(start, end, len(document.text))
        lost = span is None and (start is not None or end is not None)
        notes = document_notes(document)
        page = source_page(document, span, _strings(request), lost=lost, notes=notes)
        return HTMLResponse(page, headers=_IN_LANGUAGE)

    @router.get("/answers/{answer_id}")
    def answer(request: Request, answer_id: str) -> HTMLResponse:
        stored = find_answer(records, answer_id)
        return HTMLResponse(answer_page(stored, _since(service, stored), _strings(request)), headers=_PRIVATE)

    @router.get("/conversations/{conversation_id}.{form}")
    def conversation(request: Request, conversation_id: str, form: Literal["md", "json"]) -> Response:
        stored = records.conversation(conversation_id)
        if not stored:
            raise HTTPException(404, "No conversation of this id is stored; it may have been deleted.")
        if form == "md":
            text = conversation_markdown(stored, _strings(request))
        else:
            text = conversation_json(conversation_id, stored)
        name = f"parley-{stored[0].asked_at:%Y-%m-%d}.{form}"
        headers = {**_PRIVATE, "Content-Disposition": f'attachment; filename="{name}"'}
        return Response(text, media_type=_MEDIA_TYPES[form], headers=headers)

    return router


def _since(service: Service, stored: StoredAnswer) -> Since | None:
    try:
        with service.ready().collection.snapshot() as snapshot:
            return compare(stored, snapshot)
    except IndexNotReadyError:
        return None


def _strings(request: Request) -> Strings:
    return interface_strings(request.query_params, request.cookies, request.headers.get("accept-language", ""))
