"""Commands that show anyone what we saw: text to copy and run as it is.

Everything from outside is quoted for a POSIX shell. `openssl s_client` sends no SNI only with `-noservername`
(openssl-s_client(1)); curl's `--connect-to` and `--resolve` change where it connects, not what it asks for (curl(1)).
"""

import shlex
from collections.abc import Sequence
from functools import lru_cache

from bot.core.model.asked_once import asked_once
from bot.core.model.gateway import Gateway
from bot.core.model.hostname import ascii_name
from bot.core.model.load import Load
from bot.core.model.observation import Attempt
from bot.core.routing.routes import Backend

ZONE_GROUP = "ZONE_RESOURCE_GROUP"
"""Stands for the resource group of a private DNS zone, which is not known here."""

APP_GROUP, APP_NAME = "APP_RESOURCE_GROUP", "APP_NAME"
"""Stand for an app of App Service, which is not known here."""


def openssl(attempt: Attempt) -> str:
    """Show subject, issuer, dates and SHA-256 of the certificate served for this SNI."""
    name = _hello(attempt)
    connect = join("openssl", "s_client", "-connect", _authority(attempt), *name, "-showcerts")
    return f"{connect} </dev/null 2>/dev/null | openssl x509 -noout -subject -issuer -dates -fingerprint -sha256"


def save(attempt: Attempt) -> str:
    """Save the certificate served for this SNI as the Base-64 `.cer` file that Azure takes."""
    name = _hello(attempt)
    connect = join("openssl", "s_client", "-connect", _authority(attempt), *name)
    return f"{connect} </dev/null 2>/dev/null | openssl x509 -out ilb.cer"


def show_whole(attempt: Attempt) -> str:
    """Show all of the certificate served for this SNI, its extensions too."""
    name = _hello(attempt)
    connect = join("openssl", "s_client", "-connect", _authority(attempt), *name)
    return f"{connect} </dev/null 2>/dev/null | openssl x509 -text -noout"


def shake_hands(attempt: Attempt) -> str:
    """Start a handshake with a hello of the attempt's size, and print what was agreed; `(NONE)` means nothing.

    A list of protocols makes it large, in every OpenSSL that is in use: 1,603 bytes instead of 337, measured with
    OpenSSL 3.0 and a name of 16 letters. The key exchange is the same one, so that nothing differs but the length.
    """
    name = _hello(attempt)
    connect = ["openssl", "s_client", "-connect", _authority(attempt), *name, "-groups", "P-256"]
    long = " -alpn $(yes http/1.1 | head -n 140 | paste -sd, -)" if attempt.hello == "full" else ""
    return f"{join(*connect)}{long} </dev/null 2>/dev/null | grep 'Cipher is'"


def connect(attempt: Attempt) -> str:
    """Open a TCP connection and send nothing, within 5 s; say whether it opened."""
    return join("nc", "-vz", "-w", "5", attempt.server, str(attempt.port))


def show_chain(attempt: Attempt) -> str:
    """Show subject (s:) and issuer (i:) of every certificate that is sent for this SNI, in the order sent."""
    name = _hello(attempt)
    connect = join("openssl", "s_client", "-connect", _authority(attempt), *name, "-showcerts")
    return f"{connect} </dev/null 2>/dev/null | grep -E '^ *[0-9]* [si]:'"


def curl(attempt: Attempt) -> str:
    """Make the same request: same server, SNI, Host header and path; print the status.

    curl takes the SNI from the URL and never sends an IP as SNI, so a request without SNI is one to the IP. Its
    `--haproxy-protocol` sends a line of the PROXY protocol first.
    """
    scheme = "https" if attempt.tls else "http"
    shown = attempt.sni or attempt.server
    url = f"{scheme}://{_bracketed(shown)}:{attempt.port}{attempt.path or '/'}"
    words = ["curl", "-sk", "-o", "/dev/null", "-w", "%{http_code}\\n"]
    if attempt.hello == "proxied":
        words.append("--haproxy-protocol")
    if shown != attempt.server:
        words += ["--connect-to", f"{shown}:{attempt.port}:{_authority(attempt)}"]
    if attempt.host != shown:
        words += ["-H", f"Host: {attempt.host}"]
    return join(*words, url)


def ask_site(scheme: str, host: str, port: int | None, path: str) -> str:
    """Make a client's request to a site of the gateway, by whatever address its name has; print the status."""
    usual = {"http": 80, "https": 443}.get(scheme)
    where = f"{scheme}://{host}" + ("" if port in (None, usual) else f":{port}")
    return join("curl", "-sk", "-o", "/dev/null", "-w", "%{http_code}\\n", f"{where}{path}")


def show_health(gateway: Gateway) -> str:
    """What Azure itself says of the backends."""
    return _az(gateway, "show-backend-health", "-o", "json")


def show_settings(gateway: Gateway, backend: Backend) -> str:
    """The HTTP settings as they stand."""
    return _az(gateway, settings_group(backend), "show", name=backend.settings.name)


def settings_group(backend: Backend) -> str:
    """The commands for what holds the port of this backend: HTTP settings, or backend settings of the TCP/TLS proxy."""
    return "settings" if backend.settings.layer4 else "http-settings"


def show_probe(gateway: Gateway, backend: Backend) -> str:
    """The custom probe of the HTTP settings, or the settings that show that there is none."""
    probe = gateway.probe_of(backend.settings)
    if probe is None:
        return show_settings(gateway, backend)
    return _az(gateway, "probe", "show", name=probe.name)


def show_gateway(gateway: Gateway, query: str) -> str:
    """One part of the gateway, by JMESPath."""
    return join(
        "az",
        "network",
        "application-gateway",
        "show",
        "--ids",
        gateway.id,
        "--query",
        query,
    )


def show_activity(gateway: Gateway) -> str:
    """Who changed, stopped or started the gateway in the last week."""
    return f"az monitor activity-log list --resource-id {join(gateway.id)} --offset 7d"


def show_load(gateway: Gateway, load: Load) -> str:
    """The same averages over the same time."""
    words = ["az", "monitor", "metrics", "list", "--resource", gateway.id, "--metric", load.metric]
    within = [f"{at:%Y-%m-%dT%H:%M:%SZ}" for at in (load.since, load.until)]
    window = ["--start-time", within[0], "--end-time", within[1]]
    return join(*words, "--aggregation", "Average", "--interval", "PT5M", *window)


def show_thumbprint(certificate: str) -> str:
    """The SHA-1 of a certificate that App Service holds, by its resource id."""
    return join("az", "resource", "show", "--ids", certificate, "--query", "properties.thumbprint")


def change(gateway: Gateway, group: str, action: str, name: str, options: Sequence[str]) -> str:
    """Create or update one part of the gateway, e.g. group `probe`."""
    return f"{_az(gateway, group, action, name=name)} {join(*options)}"


def save_base64(data: str, file: str) -> str:
    """Write a certificate that is given as Base64 into a file, as bytes."""
    return f"{join('printf', '%s', data)} | base64 -d > {join(file)}"


def write_again(gateway: Gateway) -> str:
    """Read the gateway, and write it as it is."""
    return _az(gateway, "update")


def start(gateway: Gateway) -> str:
    """Start a stopped gateway."""
    return _az(gateway, "start")


def stop(gateway: Gateway) -> str:
    """Stop a gateway."""
    return _az(gateway, "stop")


def create_zone(gateway: Gateway, zone: str) -> str:
    """Create a private DNS zone in the gateway's resource group."""
    return join("az", "network", "private-dns", "zone", "create", *_where(gateway), "-n", zone)


def link_zone(zone: str, network: str, beside: Gateway | None = None) -> str:
    """Link a private DNS zone, in a gateway's resource group or in one of its own, to a virtual network."""
    link = join("az", "network", "private-dns", "link", "vnet", "create", *_where(beside))
    words = join("-z", zone, "-n", "gateway", "-v", network, "-e", "false")
    return f"{link} {words}"


def add_record(zone: str, host: str, address: str, beside: Gateway | None = None) -> str:
    """Add an address record to a private DNS zone, in a gateway's resource group or in one of its own."""
    kind = "aaaa" if ":" in address else "a"
    words = ["az", "network", "private-dns", "record-set", kind, "add-record", *_where(beside)]
    return join(*words, "-z", zone, "-n", host, "-a", address)


def _where(gateway: Gateway | None) -> tuple[str, ...]:
    if gateway is None:
        return ("-g", ZONE_GROUP)
    return ("-g", gateway.resource_group, "--subscription", gateway.subscription)


def show_subnet(subnet: str) -> str:
    """Which security group and route table a subnet has."""
    query = "{securityGroup: networkSecurityGroup.id, routeTable: routeTable.id}"
    return join("az", "network", "vnet", "subnet", "show", "--ids", subnet, "--query", query)


def admit_subnet(subnet: str) -> str:
    """Let an app of App Service admit callers from a subnet (through its service endpoint)."""
    app = ["-g", APP_GROUP, "-n", APP_NAME, "--rule-name", "gateway", "--action", "Allow"]
    add = join("az", "webapp", "config", "access-restriction", "add", *app)
    return f"{add} {join('--priority', '100', '--subnet', subnet)}"


def resolve(name: str, *server: str) -> str:
    """Look up a name in DNS, from wherever it is run; with a certain server if one is given."""
    return join("nslookup", name, *server)


def create_authentication_certificate(gateway: Gateway, name: str, file: str) -> str:
    """Upload a `.cer` file as authentication certificate (v1)."""
    return f"{_az(gateway, 'auth-cert', 'create', name=name)} {join('--cert-file', file)}"


def list_authentication_certificates(
    gateway: Gateway, backend: Backend, names: Sequence[str]
) -> str:
    """Let the HTTP settings allow exactly these authentication certificates (v1)."""
    settings = _az(gateway, "http-settings", "update", name=backend.settings.name)
    return f"{settings} {join('--auth-certs', *names)}"


def create_root(gateway: Gateway, name: str, file: str) -> str:
    """Upload a `.cer` file as trusted root certificate (v2)."""
    return f"{_az(gateway, 'root-cert', 'create', name=name)} {join('--cert-file', file)}"


def trust_roots(gateway: Gateway, backend: Backend, names: Sequence[str]) -> str:
    """Let the HTTP settings trust exactly these roots (v2)."""
    settings = _az(gateway, settings_group(backend), "update", name=backend.settings.name)
    return f"{settings} {join('--root-certs', *names)}"


def _hello(attempt: Attempt) -> list[str]:
    name = ["-servername", attempt.sni] if attempt.sni else ["-noservername"]
    # OpenSSL allows TLS 1.0 and 1.1 only at security level 0.
    old = ["-tls1_1", "-cipher", "DEFAULT@SECLEVEL=0"]
    versions = {"tls12": ["-tls1_2"], "old": old}
    return [*name, *versions.get(attempt.hello, [])]


@asked_once
def _az(gateway: Gateway, *words: str, name: str | None = None) -> str:
    where = ["-g", gateway.resource_group, "--subscription", gateway.subscription]
    named = ["-n", gateway.name] if name is None else ["--gateway-name", gateway.name, "-n", name]
    return join("az", "network", "application-gateway", *words, *where, *named)


def _authority(attempt: Attempt) -> str:
    return f"{_bracketed(ascii_name(attempt.server))}:{attempt.port}"


def _bracketed(server: str) -> str:
    return f"[{server}]" if ":" in server else server


def join(*words: str) -> str:
    """The words of a command, each quoted for the shell."""
    return " ".join(map(_quoted, words))


@lru_cache(maxsize=4096)
def _quoted(word: str) -> str:
    """One word on one line, where everything can be seen: other characters are written as their bytes.

    `$'...'` is in POSIX since 2024 (Shell Command Language, 2.2.4), and was in bash, zsh and ksh long before.
    """
    if word.isprintable():
        return shlex.quote(word)
    shown = (ch if ch.isprintable() and ch not in "'\\" else _bytes(ch) for ch in word)
    return f"$'{''.join(shown)}'"


def _bytes(ch: str) -> str:
    # No argument of a program can hold a NUL.
    return "".join(f"\\{byte:03o}" for byte in ch.encode(errors="replace") if byte)
