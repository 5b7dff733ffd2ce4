"""Spans to a collector by OTLP, with a log that says once that it takes none, and once that it takes them again."""

import logging
from collections.abc import Sequence

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult

log = logging.getLogger(__name__)


class ToldOnce(SpanExporter):
    """The library's exporter, which itself would log each attempt that fails."""

    def __init__(self) -> None:
        logging.getLogger("opentelemetry.exporter").setLevel(logging.CRITICAL)
        self._exporter = OTLPSpanExporter()
        self._fails = False

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """In the batch's own thread."""
        result = self._exporter.export(spans)
        fails = result is not SpanExportResult.SUCCESS
        if fails != self._fails:
            log.warning(
                "The collector takes no traces; they are dropped until it does."
                " Check OTEL_EXPORTER_OTLP_ENDPOINT."
                if fails
                else "The collector takes traces again."
            )
        self._fails = fails
        return result

    def shutdown(self) -> None:
        self._exporter.shutdown()

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        return self._exporter.force_flush(timeout_millis)
