"""The gateway asks a backend for a host name that is a pattern."""

from collections.abc import Iterator

from bot.core.analysis import commands
from bot.core.case.finding import Evidence, Match
from bot.core.case.rule import Rule, each_backend
from bot.core.case.view import BackendView
from bot.core.model.marked import mark

WILD = frozenset("*?")


def check(view: BackendView) -> Iterator[Match]:
    """A listener may have a pattern; as Host header or SNI it is sent literally, or not at all."""
    host = view.probe_request.host
    named = view.settings.host_name or ""
    if WILD & set(host):
        yield Match(
            f"The health probe asks {mark(view.server)} for Host {mark(host)}, which is a pattern, not a host name.",
            (
                Evidence(
                    f"the probe's host is {mark(host)}",
                    commands.show_probe(view.gateway, view.backend),
                ),
            ),
            view.backend,
        )
    elif WILD & set(named):
        yield Match(
            f"{mark(view.settings.name)} asks {mark(view.server)} for Host {mark(named)}, which is a pattern, not"
            " a host name.",
            (
                Evidence(
                    f"the settings' host name is {mark(named)}",
                    commands.show_settings(view.gateway, view.backend),
                ),
            ),
            view.backend,
        )


RULE = Rule(
    id="probe_host_wildcard",
    severity="warning",
    symptom="The host name of a probe or of HTTP settings is a pattern such as *.contoso.com.",
    cause="The pattern was copied from a wildcard listener or a wildcard certificate; servers know only names.",
    remedy="Replace it with one real host name that the server is bound to.",
    sources=(
        "https://learn.microsoft.com/azure/application-gateway/multiple-site-overview",
        "https://learn.microsoft.com/azure/application-gateway/application-gateway-probe-overview",
    ),
    check=each_backend(check),
)
