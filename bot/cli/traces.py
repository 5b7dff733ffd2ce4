"""Spans to an OpenTelemetry collector. Imported only where an OTEL_ variable asks for it, and the extra is there.

The standard variables say where to, how often and which part of it:
https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables

An incident is one trace, however long it takes and whichever replica goes on with it: its trace id, and the id of the
span with which it begins, are made from the incident's id. So a change finds the diagnosis that it belongs to.
"""

import hashlib
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.sdk.resources import SERVICE_NAME, SERVICE_VERSION, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter
from opentelemetry.sdk.trace.id_generator import RandomIdGenerator
from opentelemetry.sdk.trace.sampling import Decision
from opentelemetry.trace import NonRecordingSpan, SpanContext, Status, StatusCode, TraceFlags

from bot import __version__
from bot.cli.span_exporter import ToldOnce
from bot.incident_id import incident_id

LAST_WORDS = 1.0
"""Seconds that the collector has for the last spans when the bot is stopped."""

_NAMES = {
    "method": "http.request.method",
    "status": "http.response.status_code",
    "server": "server.address",
    "port": "server.port",
    "correlation": "azure.correlation_id",
}
"""Names of OpenTelemetry's conventions, where there is one; the others begin with `agw.`
(https://opentelemetry.io/docs/specs/semconv/http/http-spans)."""


class Traces:
    """Makes spans and has them sent, beside the event loop, in batches; what does not fit is dropped."""

    def __init__(self, exporter: SpanExporter | None = None) -> None:
        self._ids = _Ids()
        self._provider = TracerProvider(
            resource=_resource(), id_generator=self._ids, shutdown_on_exit=False
        )
        self._provider.add_span_processor(BatchSpanProcessor(exporter or ToldOnce()))
        self._tracer = self._provider.get_tracer("agw", __version__)

    @contextmanager
    def span(
        self, name: str, attributes: Mapping[str, str | int], *, begins: bool
    ) -> Iterator["_Span"]:
        """As `bot.telemetry.Tracer` says. Of an error only its kind is told: texts may hold anything."""
        incident = incident_id()
        given = {_name(it): value for it, value in attributes.items()}
        with self._ids.of(incident if begins else ""):
            started = self._tracer.start_span(
                name,
                context=self._context(incident, name, begins=begins),
                attributes={**given, **({"agw.incident": incident} if incident else {})},
            )
        with trace.use_span(
            started, end_on_exit=True, record_exception=False, set_status_on_exception=False
        ):
            try:
                yield _Span(started)
            except BaseException as error:
                started.set_status(Status(StatusCode.ERROR, type(error).__name__))
                raise

    def close(self) -> None:
        """Send what is left, as far as the collector takes it in time; a silent one holds nobody up."""
        thread = threading.Thread(target=self._provider.shutdown, name="agw-traces", daemon=True)
        thread.start()
        thread.join(LAST_WORDS)

    def _context(self, incident: str, name: str, *, begins: bool) -> Context | None:
        """What the span is a part of: what is under way here, or what another run of the bot began."""
        if begins:
            return Context()
        if not incident or trace.get_current_span().get_span_context().is_valid:
            return None
        trace_id, span_id = _ids_of(incident)
        decided = self._provider.sampler.should_sample(None, trace_id, name).decision
        sampled = decided is Decision.RECORD_AND_SAMPLE
        flags = TraceFlags(TraceFlags.SAMPLED if sampled else TraceFlags.DEFAULT)
        parent = SpanContext(trace_id, span_id, is_remote=True, trace_flags=flags)
        return trace.set_span_in_context(NonRecordingSpan(parent))


class _Span:
    def __init__(self, started: trace.Span) -> None:
        self._started = started

    def tell(self, name: str, value: str | int | None) -> None:
        if value is not None:
            self._started.set_attribute(_name(name), value)


class _Ids(RandomIdGenerator):
    """Random ids, but for the span with which an incident begins."""

    def __init__(self) -> None:
        self._incident: ContextVar[str] = ContextVar("begins", default="")

    @contextmanager
    def of(self, incident: str) -> Iterator[None]:
        token = self._incident.set(incident)
        try:
            yield
        finally:
            self._incident.reset(token)

    def generate_trace_id(self) -> int:
        incident = self._incident.get()
        return _ids_of(incident)[0] if incident else super().generate_trace_id()

    def generate_span_id(self) -> int:
        incident = self._incident.get()
        return _ids_of(incident)[1] if incident else super().generate_span_id()


def _ids_of(incident: str) -> tuple[int, int]:
    """Trace id and first span id: 16 and 8 bytes, not all zero, and evenly spread, as samplers want them."""
    digest = hashlib.sha256(f"agw {incident}".encode()).digest()
    return int.from_bytes(digest[:16], "big") or 1, int.from_bytes(digest[16:24], "big") or 1


def _resource() -> Resource:
    """OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES win."""
    found = Resource.create({})
    own = {SERVICE_NAME: "agw", SERVICE_VERSION: __version__}
    if not str(found.attributes.get(SERVICE_NAME, "unknown_service")).startswith("unknown_service"):
        del own[SERVICE_NAME]
    return found.merge(Resource(own))


def _name(name: str) -> str:
    return _NAMES.get(name, f"agw.{name}")
