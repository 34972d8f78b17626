"""What is noted of each answer: measurements, and one log line, with the question in it only where that is wanted."""

import logging
from collections.abc import Callable

from rag.types import Answer
from rag.web.metrics import Metrics

log = logging.getLogger(__name__)


def answer_observer(metrics: Metrics, *, log_questions: bool) -> Callable[[Answer], None]:
    """To be told of every answer."""

    def observe(answer: Answer) -> None:
        metrics.answered(answer)
        fields: dict[str, object] = {
            "answer_status": answer.status,
            "answerer": answer.answerer,
            "citations": len(answer.citations),
            "answer_ms": round(answer.timings_ms.total, 1),
            "index_version": answer.index_version,
        }
        if log_questions:
            fields["question"] = answer.question
        log.info("answered", extra={"fields": fields})

    return observe
