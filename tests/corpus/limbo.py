"""The chains of `../shared/limbo`, each as a gateway with those roots would meet it, and what OpenSSL said of it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from OpenSSL import crypto

from bot.core.analysis.certificate_validity import checked_certificates
from bot.core.analysis.chain_fault import ChainFault, chain_fault, chain_verdict
from bot.core.case.case import Case
from bot.core.case.diagnosis import diagnose
from bot.core.case.view import BackendView
from bot.core.model.certificate import Certificate
from bot.core.model.health import HealthNotKnown
from bot.core.model.observation import Answered, Handshake, Response
from bot.core.remedies.edit_builder import certificate_text
from bot.core.rules import RULES
from bot.probe.trust import Anchors
from bot.probe.x509 import read_certificate
from tests.core.make import SERVER, case, document, item, probe, ref, v2_settings

CASES = Path(__file__).parents[3] / "shared" / "limbo" / "cases.jsonl"
MADE = datetime.fromisoformat("2026-07-01T00:00:00+00:00")
"""When OpenSSL was asked, about: cases without a moment of their own are valid for centuries, or were drawn then."""

NOT_YET_VALID, EXPIRED, NAME = 9, 10, 62
ORDER = -1
"""Stands for what OpenSSL never says: that the chain is not in order."""


@dataclass(frozen=True, slots=True)
class Answer:
    """OpenSSL's code (0 for `ok`), and how far up the chain."""

    code: int
    depth: int | None = None


@dataclass(frozen=True, slots=True)
class LimboCase:
    """One of them: the diagnosis' case, and OpenSSL's answer with dates, name and purpose."""

    id: str
    case: Case
    openssl: Answer

    @property
    def view(self) -> BackendView:
        return BackendView(self.case, self.case.backends[0])

    def found(self) -> tuple[Answer, ...]:
        """What the diagnosis says, in OpenSSL's terms; nothing if it finds no fault."""
        return tuple(self._found())

    def _found(self) -> Iterator[Answer]:
        fault = chain_fault(self.view)
        if isinstance(fault, ChainFault):
            cause = fault.cause
            yield Answer(cause.code.number, cause.depth) if cause else Answer(ORDER)
        errors = {it.rule for it in diagnose(self.case, RULES).errors}
        if errors & {"certificate_not_in_date", "trusted_root_expired"}:
            yield from self._late()
        if "certificate_name_mismatch" in errors:
            yield Answer(NAME, 0)

    def _late(self) -> Iterator[Answer]:
        seen = self.case.handshake(self.view.probe_attempt)
        verdict = seen and chain_verdict(self.view, seen)
        assert seen
        assert verdict
        for it in checked_certificates(self.view, seen).late:
            code = EXPIRED if it.not_after < self.case.now else NOT_YET_VALID
            yield Answer(code, verdict.path.index(it.sha256))


def cases() -> Iterator[LimboCase]:
    """All that `cryptography` or OpenSSL can read."""
    with CASES.open(encoding="utf-8") as lines:
        for line in lines:
            yield _case(json.loads(line))


def _case(it: dict[str, Any]) -> LimboCase:
    now = datetime.fromisoformat(it.get("validation_time") or MADE.isoformat())
    chain = _read([it["peer_certificate"], *it.get("untrusted_intermediates", ())])
    roots = _read(it["trusted_certs"])
    peer = it.get("expected_peer_name") or {}
    host = peer.get("value") if peer.get("kind") == "DNS" else None
    trust = Anchors(roots, crypto.X509Store(), now=now).judge(chain)
    handshake = Handshake("TLSv1.3", "TLS_AES_128_GCM_SHA256", chain, trust)
    made = case(
        _gateway(roots, host),
        Answered(SERVER, handshake, Response(200, None, "")),
        health=HealthNotKnown("nobody asked it"),
        known=roots,
    )
    said = it["openssl"]["server"]
    code, depth = (0, None) if said == "ok" else (int(said.split()[0]), int(said.split()[1][1:]))
    return LimboCase(it["id"], replace(made, now=now), Answer(code, depth))


def _read(texts: list[str]) -> tuple[Certificate, ...]:
    found = [read_certificate(text) for text in texts]
    return tuple(it for it in found if isinstance(it, Certificate))


def _gateway(roots: tuple[Certificate, ...], host: str | None) -> dict[str, Any]:
    names = [f"root{number}" for number, _ in enumerate(roots)]
    used = [ref("trustedRootCertificates", name) for name in names]
    return document(
        tier="Standard_v2",
        backendHttpSettingsCollection=[v2_settings(trustedRootCertificates=used)],
        probes=[probe(host=host or SERVER)],
        trustedRootCertificates=[
            item("trustedRootCertificates", name, data=certificate_text(it))
            for name, it in zip(names, roots, strict=True)
        ],
    )
