"""A Resource Manager and a TLS server that share nothing with the lab: other names, shapes and libraries.

Written from Microsoft's REST reference alone
(https://learn.microsoft.com/rest/api/application-gateway/application-gateways), to catch what the bot and its lab
might have misread together.
"""

import base64
import ssl
import subprocess
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

from aiohttp import web

from bot.core.arm.document import Json

GATEWAY = (
    "/subscriptions/0f0f0f0f-1111-4222-8333-abcdefabcdef/resourceGroups/Edge-RG"
    "/providers/Microsoft.Network/applicationGateways/agw-test"
)
HOST = "orders.fabrikam.example"
MEMBER = "172.20.3.4"


def make_certificate(folder: Path, name: str) -> Path:
    """A self-signed certificate with its key, by openssl; both in one file."""
    file = folder / f"{name}.pem"
    wanted = ["-newkey", "rsa:2048", "-nodes", "-days", "400", "-subj", f"/CN={name}"]
    names = ["-addext", f"subjectAltName=DNS:{name}"]
    command = [
        "openssl",
        "req",
        "-x509",
        *wanted,
        *names,
        "-keyout",
        str(file),
        "-out",
        f"{file}.crt",
    ]
    subprocess.run(command, check=True, capture_output=True)
    file.write_text(file.read_text("ascii") + Path(f"{file}.crt").read_text("ascii"), "ascii")
    return file


def der(file: Path) -> bytes:
    """The certificate in a file, as bytes."""
    pem = file.read_text("ascii")
    return ssl.PEM_cert_to_DER_cert(pem[pem.index("-----BEGIN CERTIFICATE") :])


def fingerprint(file: Path) -> str:
    """SHA-256, by hashlib alone."""
    return sha256(der(file)).hexdigest()


def pem_in_base64(file: Path) -> str:
    """How some clients upload a `.cer`: the PEM text, once more in Base-64."""
    return base64.b64encode(ssl.DER_cert_to_PEM_cert(der(file)).encode()).decode()


@asynccontextmanager
async def backend(default: Path, named: Mapping[str, Path]) -> AsyncIterator[int]:
    """A TLS server that picks its certificate by SNI, as the standard library does it; its port."""
    contexts = {name: _context(file) for name, file in named.items()}

    def pick(connection: ssl.SSLObject, name: str | None, _: ssl.SSLContext) -> None:
        if name in contexts:
            connection.context = contexts[name]

    context = _context(default)
    context.sni_callback = pick

    async def ok(_: web.BaseRequest) -> web.Response:
        return web.Response(text="orders")

    runner = web.ServerRunner(web.Server(ok), shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context).start()
        yield int(runner.addresses[0][1])
    finally:
        await runner.cleanup()


def _context(file: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context


class ForeignArm:
    """One subscription, one v1 gateway. `certificates` are its authentication certificates: name -> data.

    It keeps no metrics; `metrics` is how it says so: status, content type and text.
    """

    def __init__(self) -> None:
        self.url = ""
        self.certificates: dict[str, str] = {}
        self.health = "Down"
        self.message: str | None = (
            "Backend server certificate is not whitelisted with Application Gateway."
        )
        self.polls = 0
        self.metrics: tuple[int, str, str] | None = None

    def document(self) -> Json:
        """The gateway; optional fields are left out, and ids are written in several cases."""
        stored = [
            self._part("authenticationCertificates", name, data=data)
            for name, data in self.certificates.items()
        ]
        settings: Json = {"port": 443, "protocol": "Https", "probe": self._ref("probes", "p")}
        settings["authenticationCertificates"] = [{"id": it["id"].upper()} for it in stored]
        return {
            "name": "agw-test",
            "id": GATEWAY,
            "etag": f'W/"{len(stored)}"',
            "type": "Microsoft.Network/applicationGateways",
            "location": "brazilsouth",
            "properties": {
                "provisioningState": "Succeeded",
                "operationalState": "Running",
                "sku": {"name": "Standard_Medium", "tier": "Standard", "capacity": 2},
                "authenticationCertificates": stored,
                "backendAddressPools": [
                    self._part(
                        "backendAddressPools", "orders", backendAddresses=[{"ipAddress": MEMBER}]
                    )
                ],
                "backendHttpSettingsCollection": [
                    self._part("backendHttpSettingsCollection", "tls", **settings)
                ],
                "probes": [self._part("probes", "p", protocol="Https", host=HOST, path="/")],
                "httpListeners": [self._part("httpListeners", "l", protocol="Http", hostName=HOST)],
                "requestRoutingRules": [
                    self._part(
                        "requestRoutingRules",
                        "r",
                        ruleType="Basic",
                        httpListener=self._ref("HTTPListeners", "l"),
                        backendAddressPool=self._ref("backendaddressPools", "orders"),
                        backendHttpSettings=self._ref("backendHttpSettingsCollection", "tls"),
                    )
                ],
            },
        }

    def report(self) -> Json:
        """Backend health in the words of the specification, ids as its example spells them."""
        server: Json = {"address": MEMBER, "health": self.health}
        if self.message:
            server["healthProbeLog"] = self.message
        settings = {
            "backendHttpSettings": self._ref("backendHttpSettingsCollection", "tls"),
            "servers": [server],
        }
        pool = {"backendAddressPool": self._ref("backendaddressPools", "orders")}
        return {"backendAddressPools": [{**pool, "backendHttpSettingsCollection": [settings]}]}

    async def answer(self, request: web.Request) -> web.Response:
        """Every request; anything that is not foreseen is an error that ARM knows too."""
        path = request.path.lower()
        match request.method, path.removeprefix(GATEWAY.lower()):
            case "GET", "/subscriptions":
                return web.json_response({"value": [{"subscriptionId": GATEWAY.split("/")[2]}]})
            case "GET", listing if listing.endswith("/applicationgateways"):
                return web.json_response({"value": [self.document()]})
            case "GET", "":
                return web.json_response(self.document())
            case "POST", "/backendhealth":
                self.polls = 0
                return self._wait()
            case "GET", "/wait/1":
                return self._poll()
            case "GET", "/providers/microsoft.insights/metrics" if self.metrics:
                status, kind, text = self.metrics
                return web.Response(status=status, content_type=kind, text=text)
            case _:
                error = {"code": "ResourceNotFound", "message": "No such thing."}
                return web.json_response({"error": error}, status=404)

    def _poll(self) -> web.Response:
        self.polls += 1
        return web.json_response(self.report()) if self.polls > 2 else self._wait()

    def _wait(self) -> web.Response:
        return web.Response(status=202, headers={"Location": f"{self.url}/wait/1?api-version=1"})

    @staticmethod
    def _ref(kind: str, name: str) -> Json:
        return {"id": f"{GATEWAY}/{kind}/{name}"}

    def _part(self, kind: str, name: str, **properties: Any) -> Json:
        return {"name": name, **self._ref(kind, name), "properties": properties}


@asynccontextmanager
async def foreign_arm(arm: ForeignArm | None = None) -> AsyncIterator[ForeignArm]:
    """The Resource Manager, on a free port of 127.0.0.1."""
    arm = arm or ForeignArm()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", arm.answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        host, port = runner.addresses[0][:2]
        arm.url = f"http://{host}:{port}"
        yield arm
    finally:
        await runner.cleanup()
