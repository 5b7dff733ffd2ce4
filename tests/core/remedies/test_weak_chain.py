"""What a change cannot promise where the gateway may refuse a weak certificate once all else is right."""

from dataclasses import replace
from typing import Any

import pytest

from bot.core.case.case import Case
from bot.core.model.certificate import Certificate
from bot.core.model.health import BackendHealth
from bot.core.remedies.trial import CannotTell, NoFaultLeft, Trial
from bot.core.remedies.weak_chain import weak_accepted
from tests.core.make import ROOT, SERVER, answered, case, item, probe
from tests.core.remedies.options.trying import trials
from tests.core.rules.chains import IN_ROOT, ISSUING, LEAF, LISTED, empty_v2, v2

SHA1 = replace(LEAF, signature_hash="sha1")
SHORT = replace(LEAF, key_kind="RSA", key_bits=1024)
NOT_TRUSTED = (
    "The root certificate of the server certificate used by the backend does not match the trusted root"
    " certificate added to the application gateway"
)
STATUS = "Received invalid status code: 404 in the backend server's HTTP response. 200-399 is acceptable."


def served(leaf: Certificate, base: Any, **changes: Any) -> Case:
    """The backend sends its private root; the gateway does not trust it yet."""
    seen = answered(leaf, ISSUING, ROOT, trust=IN_ROOT)
    return case(base, seen, **({"state": "unhealthy", "message": NOT_TRUSTED} | changes))


def upload(made: Case, base: Any) -> Trial:
    return trials(made, base)["upload_root_certificate"]


@pytest.mark.parametrize(
    ("leaf", "what"), [(SHA1, "is signed with SHA-1"), (SHORT, "has a key of RSA 1024 bits")]
)
def test_a_root_does_not_make_a_weak_certificate_good(leaf: Certificate, what: str) -> None:
    base = empty_v2()
    trial = upload(served(leaf, base), base)
    assert trial.outcome == CannotTell(
        f"10.1.5.11 serves {LEAF.subject}, which {what}: whether the gateway accepts that is not known"
    )
    assert trial.relief.heals == ()
    assert [it.server for it in trial.relief.cannot_tell] == ["10.1.5.11"]


def test_a_strong_certificate_is_promised() -> None:
    base = empty_v2()
    trial = upload(served(LEAF, base), base)
    assert isinstance(trial.outcome, NoFaultLeft)
    assert [it.server for it in trial.relief.heals] == ["10.1.5.11"]


SECOND = "10.1.5.12"
SLOW = "Time taken by the backend to respond is more than the timeout"


def two_servers(**second: Any) -> tuple[Case, Any]:
    """The settings trust the root; the first server is slow, and the gateway says this of the second one."""
    base = v2(**LISTED)
    base["properties"]["probes"] = [probe(timeout=5)]
    members = [{"ipAddress": SERVER}, {"ipAddress": SECOND}]
    base["properties"]["backendAddressPools"] = [
        item("backendAddressPools", "pool", backendAddresses=members)
    ]
    made = served(SHA1, base, message=SLOW)
    slow = tuple(
        replace(it, seconds=7.0) if it.attempt.server == SERVER else it for it in made.observations
    )
    assert isinstance(made.health, BackendHealth)
    first, other = made.health.servers
    told = BackendHealth((first, replace(other, **second)))
    return replace(made, observations=slow, health=told), base


@pytest.mark.parametrize(
    ("second", "accepted"),
    [
        ({"state": "healthy", "message": None}, {SHA1.sha256}),
        ({"state": "unhealthy", "message": STATUS}, {SHA1.sha256}),
        ({"state": "unhealthy", "message": NOT_TRUSTED}, set()),
        ({"state": "unknown", "message": None}, set()),
    ],
)
def test_what_the_gateway_gets_past_it_is_known_to_accept(
    second: dict[str, Any], accepted: set[str]
) -> None:
    made, _ = two_servers(**second)
    assert weak_accepted(made) == frozenset(accepted)
    base = empty_v2()
    assert weak_accepted(served(LEAF, base)) is None


def test_then_other_faults_of_a_server_with_it_are_promised_to_end() -> None:
    """Another server has the same certificate, and only the time of the first one is wrong."""
    healthy = two_servers(state="healthy", message=None)
    trial = trials(*healthy)["raise_probe_timeout"]
    assert isinstance(trial.outcome, NoFaultLeft)
