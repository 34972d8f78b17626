"""The web application: routes, page, errors and headers put together over one service."""

import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import gradio as gr
from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.middleware.gzip import GZipMiddleware
from starlette.staticfiles import StaticFiles
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from index.text.names import load_names
from rag.document_jobs import DocumentJobs
from rag.reading.briefing import Briefings
from rag.records import Records
from rag.service import Service
from rag.web.admin import MAX_UPLOAD_BYTES, UPLOAD_PATH, admin_router, admin_token
from rag.web.api import api_router
from rag.web.api_docs import description_of, docs_assets, docs_router
from rag.web.api_keys import KeyGate, api_keys
from rag.web.briefing import briefing_router
from rag.web.claims import claims_router
from rag.web.embedding import install_embedding
from rag.web.error_responses import install_error_handlers
from rag.web.fair_queue import FairQueue
from rag.web.mcp_server import McpServer
from rag.web.metrics import Metrics, metrics_router
from rag.web.observation import answer_observer
from rag.web.openai_api import openai_router
from rag.web.origins import AllowedOrigins, OriginGate
from rag.web.page.blocks import I18N, Page
from rag.web.page.routes import page_router
from rag.web.reading import reading_router
from rag.web.request_log import RequestLog
from rag.web.security import BodyLimit, GradioGate, SecurityHeaders
from rag.web.shell import PageShell
from rag.web.site_caps import SiteCaps
from rag.web.streaming import AnswerStreams
from rag.web.theme import reading_theme
from rag.web.traffic import RateLimits, TrafficLimits
from rag.web.voices import voices_router

VERSION = "0.1.0"
MAX_BODY_BYTES = 256 * 1024
_DESCRIPTION = """
Every sentence of an answer has a marker, and every marker a citation: `document.text[start:end] == quote`, always.
Where the documents are silent, `status` is `abstained` and `nearest` shows what came closest. `coverage.newest` tells
how current the documents are.

Errors are `{"error": {"code", "message"}}` with the fitting status. Every response brings `X-Request-ID`, which takes
over what was sent. There is an MCP server at `/mcp`, with the tools `ask`, `search`, `read_document` and
`briefing`.
"""
_STATIC = Path(__file__).parent / "static"


def create_application(service: Service) -> FastAPI:
    """The server's application. It does not start the service, and serves while that is still building.

    Raises SettingsError where a setting of the web application cannot be used.
    """
    settings = service.settings
    limits = RateLimits(settings)
    allowed = AllowedOrigins.parse(settings.allowed_origins)
    redis_url = settings.redis_url and settings.redis_url.get_secret_value()
    caps = SiteCaps(settings.site_questions_a_day, settings.site_questions_a_conversation, redis_url)
    records = Records(settings.database)
    queue = FairQueue(settings.concurrent_questions, settings.queue_length)
    metrics = Metrics(service, queue)
    streams = AnswerStreams(records, queue, answer_observer(metrics, log_questions=settings.log_questions))
    briefings = Briefings(load_names(settings.names))
    mcp_server = McpServer(service, streams, briefings)
    gradio_host = _page_application(service, streams, records)
    jobs = DocumentJobs(settings, lambda: service.ready().collection.embedder)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with gradio_host.router.lifespan_context(gradio_host), mcp_server.running():
            yield
        await run_in_threadpool(jobs.close)
        await limits.close()
        caps.close()

    app = FastAPI(
        title="Parley",
        summary="Cited answers about the talks between Ukraine and Russia.",
        description=_DESCRIPTION,
        version=VERSION,
        lifespan=lifespan,
        docs_url=None,  # FastAPI's page of documentation comes from another host
        redoc_url=None,
        separate_input_output_schemas=False,
    )
    app.openapi = description_of(app)
    install_error_handlers(app)
    app.include_router(api_router(service, streams, records, caps))
    app.include_router(page_router(service, records))
    app.include_router(reading_router(service, streams))
    app.include_router(voices_router(service, streams))
    app.include_router(claims_router(service, streams))
    app.include_router(briefing_router(service, streams, briefings))
    app.include_router(openai_router(service, streams, caps))
    app.include_router(metrics_router(metrics))
    app.include_router(docs_router())
    app.router.routes.extend(mcp_server.routes)
    app.mount("/docs/assets", docs_assets())
    install_embedding(app, allowed)
    body_limits = {}
    if admin_token(settings):
        app.include_router(admin_router(service, jobs))
        body_limits[UPLOAD_PATH] = MAX_UPLOAD_BYTES
    app.mount("/parley", StaticFiles(directory=_STATIC))
    # Not mounted: a mount at / would answer for every path, and a wrong method would be 404 instead of 405.
    app.router.default = GradioGate(PageShell(gradio_host))
    # From the inside out: a request passes the last one first.
    app.add_middleware(BodyLimit, max_bytes=MAX_BODY_BYTES, exceptions=body_limits)
    app.add_middleware(TrafficLimits, limits=limits)
    app.add_middleware(KeyGate, keys=api_keys(settings))
    app.add_middleware(OriginGate, allowed=allowed)
    app.add_middleware(RequestLog, metrics=metrics)
    app.add_middleware(SecurityHeaders)
    app.add_middleware(GZipMiddleware, minimum_size=1024, compresslevel=6)
    app.add_middleware(ProxyHeadersMiddleware, trusted_hosts=settings.trusted_proxies or [])
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
