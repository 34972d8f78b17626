"""The web application: routes, page, errors and headers put together over one service."""

import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import gradio as gr
from fastapi import FastAPI
from limits.storage import MemoryStorage
from starlette.concurrency import run_in_threadpool
from starlette.middleware.gzip import GZipMiddleware
from starlette.staticfiles import StaticFiles

from rag.document_jobs import DocumentJobs
from rag.records import Records
from rag.service import Service
from rag.web.admin import MAX_UPLOAD_BYTES, UPLOAD_PATH, admin_router, admin_token
from rag.web.api import api_router
from rag.web.embedding import install_embedding
from rag.web.error_responses import install_error_handlers
from rag.web.origins import AllowedOrigins, OriginGate
from rag.web.page.blocks import I18N, Page
from rag.web.page.routes import page_router
from rag.web.security import BodyLimit, GradioGate, SecurityHeaders
from rag.web.shell import PageShell
from rag.web.site_caps import SiteCaps
from rag.web.streaming import AnswerStreams
from rag.web.theme import reading_theme

MAX_BODY_BYTES = 256 * 1024
_STATIC = Path(__file__).parent / "static"


def create_application(service: Service) -> FastAPI:
    """The server's application. It does not start the service, and serves while that is still building.

    Raises SettingsError where PARLEY_ALLOWED_ORIGINS cannot be read.
    """
    settings = service.settings
    allowed = AllowedOrigins.parse(settings.allowed_origins)
    caps = SiteCaps(MemoryStorage(), settings.site_questions_a_day, settings.site_questions_a_conversation)
    records = Records(settings.database)
    streams = AnswerStreams(records)
    gradio_host = _page_application(service, streams, records)
    jobs = DocumentJobs(settings, lambda: service.ready().collection.embedder)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with gradio_host.router.lifespan_context(gradio_host):
            yield
        await run_in_threadpool(jobs.close)

    app = FastAPI(
        title="Parley",
        description="Cited answers about the talks between Ukraine and Russia.",
        lifespan=lifespan,
        docs_url=None,  # FastAPI's page of documentation comes from another host
        redoc_url=None,
    )
    install_error_handlers(app)
    app.include_router(api_router(service, streams, records, caps))
    app.include_router(page_router(service, records))
    install_embedding(app, allowed)
    body_limits = {}
    if admin_token(settings):
        app.include_router(admin_router(service, jobs))
        body_limits[UPLOAD_PATH] = MAX_UPLOAD_BYTES
    app.mount("/parley", StaticFiles(directory=_STATIC))
    # Not mounted: a mount at / would answer for every path, and a wrong method would be 404 instead of 405.
    app.router.default = GradioGate(PageShell(gradio_host))
    app.add_middleware(BodyLimit, max_bytes=MAX_BODY_BYTES, exceptions=body_limits)
    app.add_middleware(OriginGate, allowed=allowed)
    app.add_middleware(SecurityHeaders)
    app.add_middleware(GZipMiddleware, minimum_size=1024, compresslevel=6)
    return app


def _page_application(service: Service, streams: AnswerStreams, records: Records) -> FastAPI:
    """Gradio in an application of its own, so that everything it adds stays behind the gate."""
    # Gradio would make a pandas table of its last 10,000 events after each one, for the monitoring page that is closed.
    os.environ.setdefault("GRADIO_ANALYTICS_CACHE_FREQUENCY", str(sys.maxsize))
    return gr.mount_gradio_app(
        FastAPI(openapi_url=None, docs_url=None, redoc_url=None),
        Page(service, streams, records).blocks(),
        path="/",
        i18n=I18N,
        theme=reading_theme(),
        footer_links=[],
        run_history=False,
        show_error=False,
        ssr_mode=False,
        enable_monitoring=False,
        mcp_server=False,
        pwa=False,
    )
