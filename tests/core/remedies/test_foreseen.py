"""What Azure would refuse is seen before anybody presses a button."""

from typing import Any

import pytest

from bot.core.case.diagnosis import diagnose
from bot.core.model.marked import plain
from bot.core.remedies.foreseen import LIMITS, MEMBERS, foreseen
from bot.core.remedies.options import OPTIONS
from bot.core.remedies.trial import Trial
from bot.core.remedies.what_if import try_options
from bot.core.rules import RULES
from tests.core.make import APP, HOST, ILB, answered, case, document, item, what_if


def named(collection: str, count: int) -> list[Any]:
    return [item(collection, f"n{it}") for it in range(count)]


def refused(**changes: Any) -> str:
    return plain(foreseen(document(**changes)) or "")


def test_an_ordinary_gateway_is_written() -> None:
    assert foreseen(document()) is None
    assert foreseen({}) is None


@pytest.mark.parametrize("collection", LIMITS)
def test_the_last_one_fits_and_one_more_does_not(collection: str) -> None:
    most, what = LIMITS[collection]
    assert refused(**{collection: named(collection, most)}) == ""
    assert f"{most} {what}, and it would have {most + 1}" in refused(
        **{collection: named(collection, most + 1)}
    )


def test_a_pool_has_a_limit_as_well() -> None:
    many = [{"ipAddress": f"10.1.{it // 250}.{it % 250}"} for it in range(MEMBERS + 1)]
    pool = [item("backendAddressPools", "pool", backendAddresses=many)]
    assert "and pool would have 1,201" in refused(backendAddressPools=pool)
    pool = [item("backendAddressPools", "pool", backendAddresses=many[:-1])]
    assert refused(backendAddressPools=pool) == ""


def test_a_name_is_taken_whatever_its_case() -> None:
    twice = [item("probes", "a"), item("probes", "b")]
    assert refused(probes=twice) == ""
    twice = [item("backendAddressPools", "App"), item("backendAddressPools", "app")]
    assert "app is taken in backendAddressPools" in refused(backendAddressPools=twice)
    # Also of what has no limit.
    twice = [item("probes", "p"), item("probes", "P")]
    assert "P is taken in probes" in refused(probes=twice)


@pytest.mark.parametrize(
    ("policy", "says"),
    [
        ({"policyName": "AppGwSslPolicy20150501"}, "AppGwSslPolicy20150501"),
        ({"policyType": "Custom", "minProtocolVersion": "TLSv1_1"}, "TLSv1_1"),
        ({"policyName": "AppGwSslPolicy20220101"}, ""),
        ({"policyType": "Custom", "minProtocolVersion": "TLSv1_2"}, ""),
    ],
)
def test_a_retired_tls_policy_is_refused_with_every_update(policy: Any, says: str) -> None:
    found = refused(sslPolicy=policy)
    assert says in found
    assert bool(found) is bool(says)


@pytest.mark.parametrize(
    ("tier", "changes", "conflict"),
    [
        ("Standard_v2", {"firewallPolicy": {"id": "/waf"}}, True),
        ("Standard", {"webApplicationFirewallConfiguration": {"enabled": True}}, True),
        ("Standard", {"webApplicationFirewallConfiguration": {"enabled": False}}, False),
        ("WAF_v2", {"firewallPolicy": {"id": "/waf"}}, False),
    ],
)
def test_a_firewall_needs_its_tier(tier: str, changes: Any, conflict: bool) -> None:
    assert ("has no firewall" in refused(tier=tier, **changes)) is conflict


def upload(count: int) -> Trial:
    """The option of Microsoft's incident, on a gateway with so many authentication certificates."""
    stored = document()["properties"]["authenticationCertificates"]
    more = [
        item("authenticationCertificates", f"n{it}", data="QUJD")
        for it in range(count - len(stored))
    ]
    base = document(authenticationCertificates=[*stored, *more])
    made = case(base, by_sni={None: answered(ILB), HOST: answered(APP)}, state=None)
    trials = try_options(what_if(made, base), diagnose(made, RULES), OPTIONS)
    return next(it for it in trials if it.option.id == "upload_ilb_certificate")


def test_an_option_that_azure_would_refuse_has_no_button() -> None:
    assert upload(99).works
    refused = upload(100)
    assert not refused.works
    assert refused.proposal is None
    assert "Azure would refuse it: a gateway may have 100" in refused.reason
