"""From sites to listeners, rules, path maps and redirects; part of `build`."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.lab.pki import Issued
from bot.lab.values import Json

FRONTEND = "frontendIPConfigurations/appGwPublicFrontendIp"


@dataclass(frozen=True, slots=True)
class PathTo:
    """A path rule: requests for `path`, such as /api/*, are sent to `pool` with `settings`.

    `policy` and `rewrites` as of a `Site`.
    """

    path: str
    pool: str
    settings: str
    policy: str = ""
    rewrites: str = ""


@dataclass(frozen=True, slots=True)
class Site:
    """A listener and its rule: requests for `host` are sent to `pool` with `settings`.

    A `host` may have a wildcard (v2); without a host it is a basic listener, which accepts every name.
    With a certificate it is HTTPS on 443; without, HTTP on 80. With `redirect_to` (the name of
    another site, or a URL) the rule redirects there and has neither pool nor settings. With `paths` it is
    a path-based rule, whose default is `pool` and `settings`. With a `policy` (the name of a load distribution policy)
    that chooses the pool. `rewrites` is the name of the rewrite rule set of its requests; with `paths`, of those for
    its default.
    """

    name: str
    host: str
    pool: str = ""
    settings: str = ""
    certificate: Issued | None = None
    redirect_to: str = ""
    paths: tuple[PathTo, ...] = ()
    policy: str = ""
    rewrites: str = ""


def part(name: str, /, **properties: Any) -> Json:
    """A sub-resource; a property that is None is left out."""
    return {
        "name": name,
        "properties": {key: value for key, value in properties.items() if value is not None},
    }


def to(collection: str, name: str | None) -> Json | None:
    """A reference to a sub-resource of the same gateway; gateway_document makes it absolute."""
    return {"id": f"{collection}/{name}"} if name else None


def routing(sites: Sequence[Site], *, with_priority: bool) -> Json:
    """The collections of a gateway that route requests."""
    redirects = [site for site in sites if site.redirect_to]
    return {
        "urlPathMaps": [_path_map(site) for site in sites if site.paths],
        "httpListeners": [_listener(site) for site in sites],
        "requestRoutingRules": [
            _rule(site, priority=10 * number if with_priority else None)
            for number, site in enumerate(sites, start=1)
        ],
        "redirectConfigurations": [
            part(
                f"{site.name}-redirect",
                redirectType="Permanent",
                **_target(site.redirect_to),
                includePath=True,
                includeQueryString=True,
            )
            for site in redirects
        ],
    }


def _listener(site: Site) -> Json:
    secure = site.certificate is not None
    return part(
        f"{site.name}-listener",
        frontendIPConfiguration={"id": FRONTEND},
        frontendPort=to("frontendPorts", "port_443" if secure else "port_80"),
        protocol="Https" if secure else "Http",
        sslCertificate=to("sslCertificates", f"{site.name}-cert") if secure else None,
        **_names(site.host),
        requireServerNameIndication=secure and bool(site.host),
    )


def _names(host: str) -> Json:
    # A wildcard is allowed in hostNames only:
    # https://learn.microsoft.com/azure/application-gateway/multiple-site-overview
    return {"hostNames": [host]} if "*" in host else {"hostName": host or None}


def _target(redirect_to: str) -> Json:
    if "://" in redirect_to:
        return {"targetUrl": redirect_to}
    return {"targetListener": to("httpListeners", f"{redirect_to}-listener")}


def _rule(site: Site, priority: int | None) -> Json:
    if site.redirect_to:
        way = {"redirectConfiguration": to("redirectConfigurations", f"{site.name}-redirect")}
    elif site.paths:
        way = {"urlPathMap": to("urlPathMaps", f"{site.name}-paths")}
    else:
        way = _backend("", site)
    return part(
        f"{site.name}-rule",
        ruleType="PathBasedRouting" if site.paths else "Basic",
        priority=priority,
        httpListener=to("httpListeners", f"{site.name}-listener"),
        **way,
    )


def _path_map(site: Site) -> Json:
    rules = [
        part(
            f"path{number}",
            paths=[each.path],
            **_backend("", each),
        )
        for number, each in enumerate(site.paths, start=1)
    ]
    default = _backend("default", site)
    return part(f"{site.name}-paths", pathRules=rules, **default)


def _backend(prefix: str, way: Site | PathTo) -> Json:
    """Where requests are sent; `prefix` is that of the properties' names."""
    ends = {
        "BackendAddressPool": to("backendAddressPools", way.pool),
        "BackendHttpSettings": to("backendHttpSettingsCollection", way.settings),
        "LoadDistributionPolicy": to("loadDistributionPolicies", way.policy),
        "RewriteRuleSet": to("rewriteRuleSets", way.rewrites),
    }
    named = {f"{prefix}{name}": end for name, end in ends.items() if end}
    return {f"{name[0].lower()}{name[1:]}": end for name, end in named.items()}
