"""What the server counts and measures, for Prometheus: requests, answers, stages, the queue, refusals, documents.

Label values come from short fixed lists (routes, not paths), so that no visitor can make new time series.
"""

from fastapi import APIRouter
from fastapi.responses import Response
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from rag.service import Ready, Service
from rag.types import Answer
from rag.web.fair_queue import FairQueue

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4

_REQUEST_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
_STAGE_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class Metrics:
    """One server's measurements; each application has its own."""

    def __init__(self, service: Service, queue: FairQueue) -> None:
        self._service = service
        self._registry = registry = CollectorRegistry()
        self._requests = Counter(
            "parley_requests", "Requests that were answered.", ["method", "route", "status"], registry=registry
        )
        self._request_seconds = Histogram(
            "parley_request_seconds",
            "From the request to the last byte.",
            ["route"],
            buckets=_REQUEST_BUCKETS,
            registry=registry,
        )
        self._answers = Counter(
            "parley_answers", "Questions answered or abstained from.", ["status", "answerer"], registry=registry
        )
        self._stage_seconds = Histogram(
            "parley_stage_seconds",
            "Time that a question spent in a stage.",
            ["stage"],
            buckets=_STAGE_BUCKETS,
            registry=registry,
        )
        self._refusals = Counter(
            "parley_refusals", "Requests that were turned away, by error code.", ["code"], registry=registry
        )
        waiting = Gauge("parley_questions_waiting", "Questions in the queue.", registry=registry)
        waiting.set_function(lambda: queue.waiting)
        running = Gauge("parley_questions_running", "Questions being worked on.", registry=registry)
        running.set_function(lambda: queue.running)
        documents = Gauge("parley_documents", "Documents in the index; 0 while there is none.", registry=registry)
        documents.set_function(self._documents)

    def requested(self, method: str, route: str, status: int, seconds: float) -> None:
        self._requests.labels(method, route, str(status)).inc()
        self._request_seconds.labels(route).observe(seconds)

    def answered(self, answer: Answer) -> None:
        self._answers.labels(answer.status, answer.answerer).inc()
        for stage, milliseconds in answer.timings_ms.model_dump().items():
            self._stage_seconds.labels(stage).observe(milliseconds / 1000)

    def refused(self, code: str) -> None:
        self._refusals.labels(code).inc()

    def exposition(self) -> bytes:
        """Everything in Prometheus' text format."""
        return generate_latest(self._registry)

    def _documents(self) -> int:
        match self._service.state:
            case Ready(collection=collection):
                with collection.snapshot() as snapshot:
                    return snapshot.coverage(None).documents
        return 0


def metrics_router(metrics: Metrics) -> APIRouter:
    """`GET /metrics`."""
    router = APIRouter(include_in_schema=False)

    @router.get("/metrics")
    def exposition() -> Response:
        return Response(metrics.exposition(), media_type=CONTENT_TYPE)

    return router
