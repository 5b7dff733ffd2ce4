"""What the lab's gateway gets for a client, beside what its probes are answered."""

from typing import Any

from bot.lab.azure.build import Site, http_settings, probe
from bot.lab.azure.clients import client_requests
from bot.lab.backends import Answer, BackendSpec, Route
from tests.lab.azure.conftest import OpenLab
from tests.lab.azure.world import APP, HOST, IP, V2, v2_gateway

SITE = [Site("site", HOST, "pool", "http", APP)]


def slow(seconds: float) -> BackendSpec:
    """A server whose page takes so long, and whose health page does not."""
    return BackendSpec(
        IP, 80, routes=(Route(HOST, "/health"), Route(HOST, "/", Answer(seconds=seconds)))
    )


async def test_a_client_is_served_where_the_answer_comes_in_time(open_lab: OpenLab) -> None:
    for allowed, served in ((1, False), (20, True)):
        gateway = v2_gateway(
            settings=[http_settings("http", probe="probe", requestTimeout=allowed)],
            probes=[probe("probe", host=HOST, path="/health", protocol="Http")],
            sites=SITE,
        )
        async with open_lab([gateway], [slow(1.5)]) as lab:
            assert await lab.azure.serves(V2, HOST) is served
            assert await lab.azure.serves(V2, HOST, "/health")
            assert not await lab.azure.serves(V2, "other.example.com", "/health")


def test_the_host_is_the_clients_unless_the_settings_name_another() -> None:
    def asked(**settings: Any) -> list[tuple[str, float]]:
        made = v2_gateway(settings=[http_settings("http", **settings)], probes=[], sites=SITE)
        return [(it.host, allowed) for it, allowed in client_requests(made, HOST, "/")]

    assert asked() == [(HOST, 20)]
    assert asked(hostName="a.example.com", requestTimeout=5) == [("a.example.com", 5)]
    assert asked(pickHostNameFromBackendAddress=True) == [(IP, 20)]
