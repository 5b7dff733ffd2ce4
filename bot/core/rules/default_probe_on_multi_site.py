"""Backends of a named site are probed without its name."""

from collections.abc import Iterator

from bot.core.analysis import commands
from bot.core.analysis.probe_answer import AnswerFault, answer_fault
from bot.core.case.case import Case
from bot.core.case.finding import Evidence, Match
from bot.core.case.rule import Rule
from bot.core.case.view import view_of
from bot.core.model.marked import mark


def check(case: Case) -> Iterator[Match]:
    """The default probe where listeners have host names; quiet where that has caused a fault already."""
    told: set[str] = set()
    for backend in case.backends:
        settings = backend.settings
        if case.gateway.probe_of(settings) or not backend.hosts or settings.id in told:
            continue
        match answer_fault(view_of(case, backend)):
            case AnswerFault(kind="default_host"):
                continue
        told.add(settings.id)
        yield Match(
            f"{mark(settings.name)} is probed with Host 127.0.0.1, while clients ask for"
            f" {mark(backend.hosts[0])}: the probe may test a different site from theirs.",
            (
                Evidence(
                    f"{mark(settings.name)} refers to no probe",
                    commands.show_settings(case.gateway, backend),
                ),
            ),
            part=settings.name,
        )


RULE = Rule(
    id="default_probe_on_multi_site",
    severity="info",
    symptom="A site with a host name is monitored by the default probe, which does not ask for that name.",
    cause="The HTTP settings have no custom probe; the default one sends Host 127.0.0.1, so a server with several"
    " sites answers with its default site.",
    remedy="Make a custom probe with the site's host name and assign it to the HTTP settings.",
    sources=(
        "https://learn.microsoft.com/azure/application-gateway/application-gateway-probe-overview",
        "https://learn.microsoft.com/azure/application-gateway/multiple-site-overview",
    ),
    check=check,
)
