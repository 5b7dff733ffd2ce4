"""From the wire to the finding: real servers, real handshakes, and the one rule that has to name the fault."""

import ssl
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.core.arm.certificates_reader import certificate_data
from bot.core.arm.gateway_reader import read_gateway
from bot.core.case.attempts import wanted_attempts
from bot.core.case.case import Case
from bot.core.case.diagnosis import diagnose
from bot.core.model.certificate import Certificate
from bot.core.model.health import SimulatedHealth
from bot.core.rules import RULES
from bot.lab.backends import Answer, Backends, BackendSpec, ClientCertificates, TlsLimits
from bot.lab.pki import EXPIRED, Issued, authority, leaf
from bot.probe import NetworkProber
from tests.core.make import document, item, probe, ref, settings, v2_settings
from tests.probe.asking import BACKEND, HOST
from tests.probe.conftest import Pki

OK = Answer(200)


def v1(listed: Issued, **changes: Any) -> Any:
    """A v1 gateway with an IP member that allow-lists one certificate."""
    stored = item("authenticationCertificates", "app", data=listed.base64_der)
    return document(
        authenticationCertificates=[stored],
        backendHttpSettingsCollection=[settings(**changes)],
        probes=[probe(host=HOST)],
    )


def v2(root: Issued, host: str = HOST, **changes: Any) -> Any:
    """A v2 gateway that trusts one root and asks for `host`."""
    stored = item("trustedRootCertificates", "root", data=root.base64_der)
    listed = {
        "hostName": host,
        "trustedRootCertificates": [ref("trustedRootCertificates", "root")],
    }
    return document(
        tier="Standard_v2",
        trustedRootCertificates=[stored],
        backendHttpSettingsCollection=[v2_settings(**(listed | changes))],
        probes=[probe(host=host, protocol=changes.get("protocol", "Https"))],
    )


async def errors(base: Any, spec: BackendSpec, extra_public: Path | None = None) -> list[str]:
    """The rules that find an error, once each."""
    async with Backends.open([spec]) as running:
        prober = NetworkProber(running.connect_to, True, extra_public)
        gateway = read_gateway(base, prober.read_certificates(certificate_data(base)))
        case = Case(gateway, SimulatedHealth(), (), datetime.now(UTC))
        wanted = wanted_attempts(case)
        roots = [it.certificate for it in gateway.trusted_roots]
        anchors = [it for it in roots if isinstance(it, Certificate)]
        seen = await prober.observe(wanted, anchors, 20)
    diagnosis = diagnose(replace(case, observations=seen), RULES)
    return list(dict.fromkeys(it.rule for it in diagnosis.errors))


def serving(*chain: Issued, **changes: Any) -> BackendSpec:
    return BackendSpec(BACKEND, default=chain, otherwise=OK, **changes)


async def test_nothing_is_found_in_a_good_backend(pki: Pki) -> None:
    assert await errors(v2(pki.root), serving(pki.site, pki.issuing)) == []
    assert await errors(v2(pki.root), serving(*pki.site.path)) == []
    assert await errors(v1(pki.site), serving(pki.site)) == []


async def test_plain_http_where_tls_is_spoken_and_the_reverse(pki: Pki) -> None:
    plain = BackendSpec(BACKEND, otherwise=OK)
    assert await errors(v2(pki.root), plain) == ["not_tls_on_https_port"]
    assert await errors(v1(pki.site), plain) == ["not_tls_on_https_port"]


@pytest.mark.parametrize("maximum", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
async def test_a_client_certificate_is_demanded(pki: Pki, maximum: ssl.TLSVersion) -> None:
    demanding = serving(
        *pki.site.path,
        client_certificates=ClientCertificates((pki.root,)),
        tls=TlsLimits(maximum=maximum),
    )
    assert "client_certificate_demanded" in await errors(v2(pki.root), demanding)


async def test_a_name_is_required_or_refused(pki: Pki) -> None:
    named = BackendSpec(BACKEND, certificates={HOST: pki.site.path}, otherwise=OK)
    assert await errors(v1(pki.site), named) == ["sni_required"]
    refusing = BackendSpec(
        BACKEND,
        default=pki.site.path,
        certificates={HOST: pki.site.path},
        refuses_unknown_sni=True,
        otherwise=OK,
    )
    assert "sni_refused" in await errors(v2(pki.root, "other.contoso.com"), refusing)


async def test_no_cipher_suite_is_shared(pki: Pki) -> None:
    # The certificate's key is not RSA, so that this suite cannot be used with it.
    narrow = TlsLimits(maximum=ssl.TLSVersion.TLSv1_2, ciphers="ECDHE-RSA-AES128-GCM-SHA256")
    assert await errors(v2(pki.root), serving(*pki.site.path, tls=narrow)) == [
        "tls_version_refused"
    ]


async def test_each_fault_of_a_chain_has_its_name(pki: Pki) -> None:
    site, issuing, root = pki.site, pki.issuing, pki.root
    assert await errors(v2(root), serving(site)) == ["intermediate_missing"]
    assert await errors(v2(root), serving(site, root, issuing)) == ["chain_out_of_order"]
    assert await errors(v2(root), serving(issuing, site)) == ["leaf_not_first"]
    assert await errors(v2(root), serving(issuing, root)) == ["leaf_missing"]
    assert await errors(v2(pki.stranger), serving(site, issuing)) == ["root_not_trusted"]
    assert await errors(v2(pki.stranger), serving(*site.path)) == ["root_not_trusted"]


async def test_a_self_signed_certificate_needs_to_be_a_ca(pki: Pki) -> None:
    alone = leaf(HOST)
    assert await errors(v2(alone), serving(alone)) == ["self_signed_not_ca"]
    own_ca = authority(HOST)
    assert await errors(v2(own_ca), serving(own_ca)) == []
    assert await errors(v2(pki.root), serving(own_ca)) == ["root_not_trusted"]


async def test_a_public_certificate_without_its_intermediate(pki: Pki, tmp_path: Path) -> None:
    public = tmp_path / "public.pem"
    public.write_bytes(pki.root.pem)
    bare = v2(pki.stranger, trustedRootCertificates=[])
    assert await errors(bare, serving(pki.site), public) == ["intermediate_missing"]
    assert await errors(bare, serving(pki.site, pki.issuing), public) == []


async def test_a_renewed_certificate_and_another_one(pki: Pki) -> None:
    renewed = leaf(HOST, issuer=pki.issuing)
    assert await errors(v1(pki.site), serving(renewed)) == ["certificate_rotated"]
    other = leaf("ilb.contoso.com", issuer=pki.issuing)
    assert await errors(v1(pki.site), serving(other)) == ["certificate_not_allow_listed"]


async def test_dates_of_a_leaf_and_of_a_root_that_is_not_sent(pki: Pki) -> None:
    late = leaf(HOST, issuer=pki.issuing, validity=EXPIRED)
    assert await errors(v1(late), serving(late)) == ["certificate_not_in_date"]
    assert await errors(v2(pki.root), serving(late, pki.issuing)) == ["certificate_not_in_date"]
    old = authority("Old Root CA", validity=EXPIRED)
    site = leaf(HOST, issuer=old)
    assert await errors(v2(old), serving(site)) == ["trusted_root_expired"]
    assert await errors(v2(old), serving(site, old)) == ["certificate_not_in_date"]
