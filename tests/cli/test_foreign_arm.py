"""A diagnosis of a gateway that is not the lab's, with fingerprints that were computed without the bot."""

import asyncio
from pathlib import Path

import pytest

from tests.cli import schema
from tests.cli.conftest import Here
from tests.cli.foreign import (
    HOST,
    MEMBER,
    backend,
    fingerprint,
    foreign_arm,
    make_certificate,
    pem_in_base64,
)
from tests.cli.tools import needs


async def test_the_incident_on_another_azure(tmp_path: Path, here: Here) -> None:
    needs("openssl")
    default = await asyncio.to_thread(make_certificate, tmp_path, "node.fabrikam.example")
    site = await asyncio.to_thread(make_certificate, tmp_path, HOST)
    async with foreign_arm() as arm, backend(default, {HOST: site}) as port:
        arm.certificates = {"site": pem_in_base64(site)}
        settings = {
            "AGW_ARM_URL": arm.url,
            "AGW_CONNECT_TO": f"{MEMBER}:443=127.0.0.1:{port}",
            "AGW_LOOPBACK_ONLY": "1",
        }
        ran = await here(settings, "diagnose", "agw-test", "--json")
        assert ran.code == 1, ran.err
        schema.check(ran.document)
        (seen,) = ran.document["backends"]
        assert (ran.document["verdict"], seen["health"]) == ("fault", "unhealthy")
        assert ran.document["recommended"] == "upload_ilb_certificate"
        assert ran.document["gateway"]["resource_group"] == "Edge-RG"
        served = {it["sni"]: it["chain"][0]["sha256"] for it in seen["handshakes"]}
        assert served == {None: fingerprint(default), HOST: fingerprint(site)}
        assert seen["probe"] == {"sni": None, "host": HOST, "path": "/"}
        assert seen["http"] == {"status": 200}

        arm.certificates["node"] = pem_in_base64(default)
        arm.health, arm.message = "Up", None
        ran = await here(settings, "diagnose", "Edge-RG/agw-test", "--json")
        assert (ran.code, ran.document["verdict"]) == (0, "healthy"), ran.out
        schema.check(ran.document)


async def test_a_stale_report_does_not_hide_what_is_seen(tmp_path: Path, here: Here) -> None:
    """The gateway still says Up; the certificate it would get now says otherwise."""
    needs("openssl")
    default = await asyncio.to_thread(make_certificate, tmp_path, "node.fabrikam.example")
    other = await asyncio.to_thread(make_certificate, tmp_path, HOST)
    async with foreign_arm() as arm, backend(default, {}) as port:
        arm.certificates = {"site": pem_in_base64(other)}
        arm.health, arm.message = "Up", None
        settings = {
            "AGW_ARM_URL": arm.url,
            "AGW_CONNECT_TO": f"{MEMBER}:443=127.0.0.1:{port}",
            "AGW_LOOPBACK_ONLY": "1",
        }
        ran = await here(settings, "diagnose", HOST, "--json")
        schema.check(ran.document)
        assert (ran.code, ran.document["verdict"]) == (1, "fault"), ran.out


@pytest.mark.parametrize(
    ("metrics", "because"),
    [
        (None, "Azure does not show it"),
        ((404, "text/html", "<h1>Not here</h1>"), "Azure does not show it"),
        ((500, "application/json", "{}"), "Azure itself failed"),
        ((501, "text/plain", "no"), "Azure itself failed"),
        ((200, "text/html", "<html>Sign in</html>"), "the answer is not one of Azure's"),
        ((200, "application/json", "[]"), "Azure Monitor's answer does not hold the metric"),
    ],
)
async def test_an_azure_without_metrics_is_diagnosed_all_the_same(
    tmp_path: Path, here: Here, metrics: tuple[int, str, str] | None, because: str
) -> None:
    needs("openssl")
    site = await asyncio.to_thread(make_certificate, tmp_path, HOST)
    async with foreign_arm() as arm, backend(site, {}) as port:
        arm.certificates = {"site": pem_in_base64(site)}
        arm.health, arm.message, arm.metrics = "Up", None, metrics
        settings = {
            "AGW_ARM_URL": arm.url,
            "AGW_CONNECT_TO": f"{MEMBER}:443=127.0.0.1:{port}",
            "AGW_LOOPBACK_ONLY": "1",
        }
        ran = await here(settings, "diagnose", "agw-test", "--json")
    schema.check(ran.document)
    assert (ran.code, ran.document["verdict"], ran.document["undecided"]) == (0, "healthy", [])
    assert ran.document["load"] is None
    assert because in ran.document["load_not_read"]
    (note,) = ran.document["notes"]
    assert note == f"The load of the gateway is not known: {ran.document['load_not_read']}"
