"""What the gateway asks its servers on behalf of a client, and what the client then gets.

Host: https://learn.microsoft.com/azure/application-gateway/configuration-http-settings (host name override).
SNI: "For live traffic" in https://learn.microsoft.com/azure/application-gateway/ssl-overview, and where its rows
disagree, configuration-http-settings ("Backend HTTPS validation settings", 2025): the Host that is sent.
Status: https://learn.microsoft.com/troubleshoot/azure/application-gateway/http-response-codes
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from bot.lab.azure.clients import ClientRequest, ClientResponse
from bot.lab.azure.document import is_v1, part_by_id
from bot.lab.azure.frontend import RequestRoute, names_of, route_of
from bot.lab.azure.judge import NoAnswer
from bot.lab.azure.messages import Symptom
from bot.lab.azure.rewrites import Supposed, rewrite, rewrite_location, suppositions
from bot.lab.azure.targets import Target, is_ip, servers, trust_of
from bot.lab.azure.wire import HttpAnswer
from bot.lab.values import Json

_DEFAULT_REQUEST_TIMEOUT = 20
_REDIRECTS = {"Permanent": 301, "Found": 302, "SeeOther": 303, "Temporary": 307}


def client_targets(
    document: Json, ask: ClientRequest, taken: RequestRoute, interfaces: Mapping[str, str] = {}
) -> Iterator[Target]:
    """The request to each member of the pools that the route leads to; its timeout is that of the settings."""
    settings = part_by_id(document, {"id": taken.settings})
    if taken.pool is None or settings is None:
        return
    for pool in (taken.pool, *taken.more_pools):
        for server in servers(document, pool, interfaces):
            yield replace(_target(document, ask, taken, settings, server), pool=pool)


@dataclass(frozen=True, slots=True)
class Onward:
    """A request as it is sent on, and its route then; `loops`: it is not, because its path map is asked for ever."""

    ask: ClientRequest
    route: RequestRoute
    loops: bool = False


def onwards(document: Json, ask: ClientRequest, taken: RequestRoute) -> list[Onward]:
    """What becomes of a request by its rewrite rules; several where that depends on more than its URL."""
    rules = _rewrites(document, taken)
    if rules is None:
        return [Onward(ask, taken)]
    found = (_onward(document, ask, taken, rules, it) for it in suppositions(rules))
    return list(dict.fromkeys(found))


def _onward(
    document: Json, ask: ClientRequest, taken: RequestRoute, rules: Json, supposed: Supposed
) -> Onward:
    """After a rewritten path, the path map may be asked again.

    Who ends at the same path rule, and is rewritten there again, gets no further:
    https://learn.microsoft.com/troubleshoot/azure/application-gateway/troubleshoot-rewrite-rules
    """
    found = rewrite(rules, ask.entry.scheme, ask.host, ask.path, supposed)
    sent = replace(ask, host=found.host, path=found.target)
    again = route_of(document, ask.entry, ask.host, found.target) if found.reroute else None
    if again is None:
        return Onward(sent, taken)
    same = replace(again, matched=None) == replace(taken, matched=None)
    once_more = rewrite(rules, ask.entry.scheme, found.host, found.target, supposed)
    return Onward(sent, again, loops=same and once_more.reroute)


def relayed(
    document: Json, ask: ClientRequest, taken: RequestRoute, got: ClientResponse
) -> ClientResponse:
    """A server's response as it is passed on to the client."""
    rules = _rewrites(document, taken)
    if rules is None or not got.location:
        return got
    location = rewrite_location(rules, ask.entry.scheme, ask.host, ask.path, got.location)
    return replace(got, location=location)


def _rewrites(document: Json, taken: RequestRoute) -> Json | None:
    # "Rewrites aren't supported when the application gateway is configured to redirect the requests" (the page).
    if is_v1(document) or taken.rewrites is None or taken.redirect:
        return None
    return part_by_id(document, {"id": taken.rewrites})


def read_otherwise(
    document: Json, target: Target, ask: ClientRequest, sent: ClientRequest
) -> Iterator[Target]:
    """The same request by other readings of Microsoft's pages; `sent` is `ask` after its rewrites.

    v2, a member with a name, and no host name in the settings: one row of "For live traffic" (ssl-overview) says that
    the SNI is the member's name, the others and configuration-http-settings that it is the client's host. None of them
    says what the SNI is after the Host was rewritten, nor whether that or the host name of the settings is sent, nor
    what their path override makes of a rewritten path.
    """
    settings = part_by_id(document, {"id": target.settings}) or {}
    if is_v1(document):
        return
    if settings.get("path") and sent.path != ask.path:
        yield replace(target, path=sent.path)
    fixed = settings.get("sniName")
    if settings.get("hostName") or settings.get("pickHostNameFromBackendAddress"):
        if sent.host != ask.host:
            yield _with_sni(replace(target, host=sent.host), fixed or sent.host)
    elif not fixed:
        yield from (_with_sni(target, it) for it in (target.server, ask.host))


def _with_sni(target: Target, name: str) -> Target:
    trust = target.trust
    if trust is None or is_ip(name):
        return target
    if trust.expected_name is not None:
        trust = replace(trust, expected_name=name)
    return replace(target, sni=name, trust=trust)


def redirect_of(document: Json, ask: ClientRequest, taken: RequestRoute) -> ClientResponse | None:
    """The gateway's own redirect; None: the route has none."""
    found = part_by_id(document, {"id": taken.redirect}) if taken.redirect else None
    if found is None:
        return None
    path, _, query = ask.path.partition("?")
    base = found.get("targetUrl") or _url_of(document, found.get("targetListener"), ask.host)
    tail = path if found.get("includePath") else ("" if urlsplit(base).path else "/")
    tail += f"?{query}" if query and found.get("includeQueryString") else ""
    status = _REDIRECTS.get(found.get("redirectType", ""), 302)
    return ClientResponse(status, "gateway", base.rstrip("/") + tail if tail else base)


def got_from(document: Json, answer: HttpAnswer | NoAnswer) -> ClientResponse:
    """What a client gets where a server answers so.

    Which status stands for a failed handshake is not documented: 502 is inferred. An answer that comes too late is 502
    on v1 and 504 on v2.
    """
    if isinstance(answer, HttpAnswer):
        return ClientResponse(answer.status, "server", answer.location)
    late = answer.symptom is Symptom.TIMEOUT and not is_v1(document)
    return ClientResponse(504 if late else 502, "gateway", symptom=answer.symptom)


def without_listener(document: Json) -> ClientResponse:
    """Documented for v2; of v1 nothing says what it answers, which is taken for the same."""
    return ClientResponse(404, "gateway")


def _target(
    document: Json, ask: ClientRequest, taken: RequestRoute, settings: Json, server: str
) -> Target:
    v1 = is_v1(document)
    picked = server if settings.get("pickHostNameFromBackendAddress") else None
    host = picked or settings.get("hostName") or ask.host
    switches = {} if v1 else settings
    named = server if v1 else switches.get("sniName") or host
    # RFC 6066, section 3: literal addresses are not permitted in the server name.
    sni = None if is_ip(named) else named
    trust = trust_of(document, settings, server, sni, switches)
    return Target(
        pool=taken.pool or "",
        settings=settings["id"],
        server=server,
        port=int(settings["port"]),
        trust=trust,
        sni=sni if trust else None,
        host=host,
        path=overridden(ask.path, settings.get("path"), taken.matched),
        timeout=float(settings.get("requestTimeout") or _DEFAULT_REQUEST_TIMEOUT),
    )


def overridden(path: str, override: str | None, matched: str | None) -> str:
    """The path that is sent: the settings' override stands for what the path rule matched, or comes before it all.

    The table of "Override backend path" in configuration-http-settings.
    """
    if not override:
        return path
    prefix = (matched or "").rstrip("*")
    rest = path[len(prefix) :] if path.lower().startswith(prefix.lower()) else path
    if not rest:
        return override
    return f"{override.rstrip('/')}/{rest.lstrip('/')}"


def _url_of(document: Json, listener: Json | None, host: str) -> str:
    found = part_by_id(document, listener) or {}
    port = (part_by_id(document, found.get("frontendPort")) or {}).get("port")
    secure = found.get("protocol") == "Https"
    usual = 443 if secure else 80
    name = next(iter(names_of(found)), host)
    scheme = "https" if secure else "http"
    return f"{scheme}://{name}" + ("" if port in (None, usual) else f":{port}")
