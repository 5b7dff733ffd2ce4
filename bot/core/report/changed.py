"""What is different between two diagnoses of one gateway, in sentences."""

from collections.abc import Iterator

from bot.core.model.marked import mark
from bot.core.report.looked_at import verdict_said
from bot.core.report.report import BackendFacts, FindingFacts, Report


def changes_between(before: Report, after: Report) -> Iterator[str]:
    """What a person who saw the first report has to learn of the second; nothing where that is nothing."""
    was, now = (verdict_said(it.verdict, it.looked_at) for it in (before, after))
    if was != now:
        yield f"Verdict: {now} (was: {was})."
    if before.gateway.etag != after.gateway.etag:
        yield "The gateway's configuration was written."
    yield from _states(before, after)
    yield from _healths(before, after)
    old, new = _faults(before), _faults(after)
    yield from (f"No longer seen: {told}" for key, told in old.items() if key not in new)
    yield from (f"New: {told}" for key, told in new.items() if key not in old)
    if before.suffering != after.suffering and after.suffering:
        yield after.suffering


def _states(before: Report, after: Report) -> Iterator[str]:
    for was, now in (
        (before.gateway.operational_state, after.gateway.operational_state),
        (before.gateway.provisioning_state, after.gateway.provisioning_state),
    ):
        if was != now:
            yield f"The gateway is {now} (was: {was})."


def _healths(before: Report, after: Report) -> Iterator[str]:
    old = {_place(it): it for it in before.backends}
    new = {_place(it): it for it in after.backends}
    for place, it in new.items():
        if place not in old:
            yield f"New backend {_label(it)}: the gateway reports it {it.health}."
        elif old[place].health != it.health:
            was = old[place].health
            yield f"The gateway reports {_label(it)} {it.health} (was: {was})."
    yield from (f"Backend {_label(it)} is gone." for key, it in old.items() if key not in new)


def _faults(report: Report) -> dict[tuple[str | None, ...], str]:
    """The sentence of each fault, under what makes it the same in another report."""
    return {_fault(it): it.summary for it in report.findings if it.severity == "error"}


def _fault(it: FindingFacts) -> tuple[str | None, ...]:
    return (it.rule, it.http_settings, it.server, it.summary)


def _place(it: BackendFacts) -> tuple[str, str, str]:
    return (it.pool, it.http_settings, it.server)


def _label(it: BackendFacts) -> str:
    return f"{mark(f'{it.server}:{it.port}')} ({mark(it.pool)} / {mark(it.http_settings)})"
