"""Options tried on paper: a consequence of the rules, not a second copy of them."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.core.case.attempts import candidate_names, missing_attempts, wanted_attempts
from bot.core.case.case import AssumedCertificate, Case
from bot.core.case.diagnosis import diagnose
from bot.core.case.view import BackendView
from bot.core.model.marked import plain
from bot.core.model.observation import (
    Answered,
    Attempt,
    NotConnected,
    NotTried,
    Observation,
    Outcome,
    Response,
    Trust,
)
from bot.core.remedies.edit_builder import certificate_text
from bot.core.remedies.options import OPTIONS
from bot.core.remedies.trial import Trial
from bot.core.remedies.what_if import WhatIf, attempts_to_judge, recommended, try_options
from bot.core.rules import RULES
from tests.core.make import (
    APP,
    HOST,
    ILB,
    NOW,
    ROOT,
    SERVER,
    answered,
    case,
    certificate,
    document,
    incident,
    item,
    probe,
    ref,
    rule,
    settings,
    v2_settings,
    what_if,
)
from tests.core.remedies.options.trying import assumed_certificates

GOOD_ROOT = (Trust(ROOT.sha256, 0, "ok"),)
NO_PROBE: dict[str, Any] = {"probe": None}
FROM_PUBLIC_CA: dict[str | None, Outcome] = {
    None: answered(ILB, public=20, status=404),
    HOST: answered(APP, public=0),
}


def trials(made: Case, base: Any) -> dict[str, Trial]:
    found = try_options(what_if(made, base), diagnose(made, RULES), OPTIONS)
    return {trial.option.id: trial for trial in found}


def best(made: Case, base: Any) -> str | None:
    found = recommended(trials(made, base).values())
    return found.option.id if found else None


def v2(**changes: Any) -> Any:
    return document(
        tier="Standard_v2", **({"backendHttpSettingsCollection": [v2_settings()]} | changes)
    )


def test_the_incident_on_v1_upload_is_recommended_and_the_others_say_why() -> None:
    base, made = incident()
    found = trials(made, base)
    assert [it for it, trial in found.items() if trial.works] == [
        "upload_ilb_certificate",
        "fqdn_in_pool",
        "wildcard_certificate",
    ]
    assert best(made, base) == "upload_ilb_certificate"
    assert "does not take its host name" in found["clear_use_for_app_service"].reason
    assert "retired" in found["migrate_to_v2"].reason
    assert all(plain(trial.reason) for trial in found.values())


def test_nothing_is_tried_where_nothing_is_wrong() -> None:
    base = document()
    assert trials(case(base, answered(APP), state="healthy"), base) == {}


def test_a_stopped_gateway_is_started_first() -> None:
    base = document(operationalState="Stopped")
    made = case(base, answered(APP), state="healthy")
    found = trials(made, base)
    assert [it for it, trial in found.items() if trial.works] == ["start_gateway"]
    assert not found["start_gateway"].automated


def test_what_is_supposed_of_one_server_is_not_supposed_of_another() -> None:
    """Each site has an expired certificate of its own: each gets one for its own name."""
    base = two_sites(backendHttpSettingsCollection=[v2_settings(probe=None)])
    made = case(base, state=None)
    late = NOW - timedelta(days=1)
    seen = tuple(
        Observation(
            BackendView(made, backend).probe_attempt,
            answered(certificate(host, not_after=late), public=0),
        )
        for backend, host in zip(made.backends, ("a.example", "b.example"), strict=True)
    )
    trial = trials(replace(made, observations=seen), base)["renew_certificate"]
    assert trial.works, plain(trial.reason)
    assert trial.proposal is not None
    assert [it.server for it in assumed_certificates(trial.proposal)] == [SERVER, "10.1.5.12"]


def test_v2_private_root_the_issuing_root_is_recommended() -> None:
    base = v2()
    made = case(base, by_sni={HOST: answered(APP, ROOT, trust=GOOD_ROOT)})
    assert best(made, base) == "upload_root_certificate"
    assert "public CAs then no longer count" in trials(made, base)["upload_root_certificate"].reason


def test_v2_without_a_name_the_host_name_is_recommended() -> None:
    base = v2(backendHttpSettingsCollection=[v2_settings(**NO_PROBE)], probes=[])
    made = case(base, by_sni=FROM_PUBLIC_CA)
    assert best(made, base) == "set_host_name"


def test_a_trial_asks_for_the_connection_that_nobody_has_made_yet() -> None:
    base = v2(backendHttpSettingsCollection=[v2_settings(**NO_PROBE)], probes=[])
    made = case(base, by_sni=FROM_PUBLIC_CA)
    found = trials(made, base)
    assert "cannot be told" in found["fqdn_in_pool"].reason
    # With a name in the pool the default probe would send that SNI, and still Host 127.0.0.1.
    # Whether the name leads there is asked as well.
    assert attempts_to_judge(what_if(made, base), found.values()) == (
        Attempt(SERVER, 443, True, HOST, "127.0.0.1", "/"),
        Attempt(SERVER, 443, True, HOST, HOST, None, "full"),
        Attempt(HOST, 443, True, HOST, "127.0.0.1", "/"),
    )


def test_v2_both_faults_the_pair_is_found() -> None:
    base = v2(backendHttpSettingsCollection=[v2_settings(**NO_PROBE)], probes=[])
    named = answered(APP, ROOT, trust=GOOD_ROOT)
    made = case(base, by_sni={None: answered(ILB, ROOT, status=404, trust=GOOD_ROOT)})
    extra = Observation(Attempt(SERVER, 443, True, HOST, HOST, "/"), named)
    both = replace(made, observations=(*made.observations, extra))
    found = trials(both, base)["set_host_name"]
    assert found.works
    assert found.together_with == "upload_root_certificate"
    assert found.proposal is not None
    assert {edit.collection for edit in found.proposal.edits} >= {
        "probes",
        "trustedRootCertificates",
    }


def test_a_pair_that_is_not_enough_is_no_pair() -> None:
    base = v2(backendHttpSettingsCollection=[v2_settings(**NO_PROBE)], probes=[])
    made = case(base, by_sni={None: answered(ILB, ROOT, status=404, trust=GOOD_ROOT)})
    failing = answered(APP, ROOT, status=503, trust=GOOD_ROOT)
    extra = Observation(Attempt(SERVER, 443, True, HOST, HOST, "/"), failing)
    found = trials(replace(made, observations=(*made.observations, extra)), base)
    assert all(found[it].proposal for it in ("set_host_name", "upload_root_certificate"))
    assert all(trial.together_with is None for trial in found.values())


def test_a_pair_of_buttons_comes_before_what_a_person_has_to_do() -> None:
    """The certificate without SNI has expired as well: a new one there would do, and so would two presses."""
    base = v2(backendHttpSettingsCollection=[v2_settings(**NO_PROBE)], probes=[])
    late = replace(APP, not_after=NOW - timedelta(days=1))
    made = case(base, by_sni={None: answered(late, ROOT, status=200, trust=GOOD_ROOT)})
    named = answered(APP, ROOT, trust=GOOD_ROOT)
    extra = Observation(Attempt(SERVER, 443, True, HOST, HOST, "/"), named)
    found = trials(replace(made, observations=(*made.observations, extra)), base)
    assert found["renew_certificate"].works
    assert found["set_host_name"].together_with == "upload_root_certificate"


def test_an_option_that_would_break_another_backend_is_not_recommended() -> None:
    """A root listed for one member takes the public CAs away from another with the same settings."""
    rules = [
        rule(),
        rule("second", backendAddressPool=ref("backendAddressPools", "public")),
    ]
    pools = [
        item("backendAddressPools", "pool", backendAddresses=[{"ipAddress": SERVER}]),
        item("backendAddressPools", "public", backendAddresses=[{"ipAddress": "10.1.5.12"}]),
    ]
    base = v2(backendAddressPools=pools, requestRoutingRules=rules)
    made = case(base, state=None)
    private, public = made.backends
    unknown = (Trust(ROOT.sha256, 20, "unable to get local issuer certificate"),)
    made = replace(
        made,
        observations=(
            Observation(
                BackendView(made, private).probe_attempt, answered(APP, ROOT, trust=GOOD_ROOT)
            ),
            Observation(
                BackendView(made, public).probe_attempt, answered(APP, public=0, trust=unknown)
            ),
        ),
    )
    found = trials(made, base)["upload_root_certificate"]
    assert not found.works
    assert "would break something else" in plain(found.reason)


def test_a_trial_that_cannot_be_judged_is_not_recommended() -> None:
    base = document()
    made = case(base, NotTried("outside the network"), message="isn't allow-listed with")
    found = trials(made, base)
    assert best(made, base) is None
    assert "could not be read" in found["upload_ilb_certificate"].reason
    assert "cannot be told" in found["fqdn_in_pool"].reason


def test_an_option_that_is_not_enough_says_what_is_left() -> None:
    base = document()
    made = case(base, by_sni={None: answered(ILB, status=503), HOST: answered(APP)})
    found = trials(made, base)["upload_ilb_certificate"]
    assert not found.works
    assert "It would not be enough" in plain(found.reason)
    assert "503" in plain(found.reason)


def test_two_members_with_two_certificates_get_both_uploaded() -> None:
    base = document(servers=(SERVER, "10.1.5.12"))
    other = replace(ILB, sha256="f" * 64, der=b"other", subject="CN=other")
    made = case(base, state=None)
    first, second = made.backends
    made = replace(
        made,
        observations=(
            Observation(BackendView(made, first).probe_attempt, answered(ILB)),
            Observation(BackendView(made, second).probe_attempt, answered(other)),
        ),
    )
    trial = trials(made, base)["upload_ilb_certificate"]
    assert trial.works
    assert trial.proposal is not None
    assert trial.proposal.certificates == (ILB, other)


def test_an_empty_pool_elsewhere_is_found_and_stands_in_the_way_of_no_option() -> None:
    base = document(
        backendAddressPools=[
            item("backendAddressPools", "pool", backendAddresses=[{"ipAddress": SERVER}]),
            item("backendAddressPools", "second"),
            item(
                "backendAddressPools",
                "third",
                backendIPConfigurations=[ref("networkInterfaces", "vm0")],
            ),
        ],
        httpListeners=[
            item("httpListeners", name, protocol="Https", hostName=host)
            for name, host in (("site", HOST), ("second", "b.example"), ("third", "c.example"))
        ],
        requestRoutingRules=[
            rule(),
            *(
                rule(
                    it,
                    httpListener=ref("httpListeners", it),
                    backendAddressPool=ref("backendAddressPools", it),
                )
                for it in ("second", "third")
            ),
        ],
    )
    made = case(base, by_sni={None: answered(ILB), HOST: answered(APP)})
    found = [finding.rule for finding in diagnose(made, RULES).errors]
    assert found == ["pool_empty", "certificate_not_allow_listed"]
    assert best(made, base) == "upload_ilb_certificate"


def test_a_fault_that_only_the_gateway_tells_of_is_mended_by_no_trial() -> None:
    base = document()
    made = case(base, by_sni={None: answered(APP), HOST: answered(APP)}, message="Something else")
    assert [it.rule for it in diagnose(made, RULES).errors] == ["gateway_reports_unhealthy"]
    assert best(made, base) is None
    assert (
        "only the gateway's own report shows the fault" in trials(made, base)["fqdn_in_pool"].reason
    )


def two_sites(**changes: Any) -> Any:
    """Two listeners, two pools, one probe that the settings of both share."""
    return v2(
        httpListeners=[
            item("httpListeners", "site", protocol="Https", hostName="a.example"),
            item("httpListeners", "other", protocol="Https", hostName="b.example"),
        ],
        requestRoutingRules=[
            rule(),
            rule(
                "second",
                httpListener=ref("httpListeners", "other"),
                backendAddressPool=ref("backendAddressPools", "second"),
            ),
        ],
        backendAddressPools=[
            item("backendAddressPools", "pool", backendAddresses=[{"ipAddress": SERVER}]),
            item("backendAddressPools", "second", backendAddresses=[{"ipAddress": "10.1.5.12"}]),
        ],
        probes=[probe(host=SERVER)],
        **changes,
    )


def test_contradicting_edits_are_not_merged() -> None:
    """Each backend has a certificate for its own site only: one probe cannot ask for both names."""
    base = two_sites()
    made = case(base, state=None)
    first, second = made.backends
    names = {first: "a.example", second: "b.example"}
    seen = []
    for backend, name in names.items():
        fitting = answered(replace(APP, dns_names=(name,)), public=0)
        named = Attempt(backend.server, 443, True, name, name, "/")
        seen.append(Observation(BackendView(made, backend).probe_attempt, answered(ILB)))
        seen.append(Observation(named, fitting))
    made = replace(made, observations=tuple(seen))
    trial = trials(made, base)["set_host_name"]
    assert trial.proposal is not None
    assert len(trial.proposal.edits) == 1
    assert not trial.works
    assert "cannot be told" in plain(trial.reason) or "would break" in plain(trial.reason)


def test_a_pair_that_contradicts_itself_is_passed_over() -> None:
    """One option would ask for the first name in play, the other for the one that has a certificate."""
    sites = [
        item("httpListeners", "site", protocol="Https", hostNames=["bare.example", HOST]),
    ]
    base = v2(
        httpListeners=sites,
        backendHttpSettingsCollection=[v2_settings(pickHostNameFromBackendAddress=True)],
        probes=[probe(host=None, pickHostNameFromBackendHttpSettings=True)],
    )
    made = case(base, by_sni={None: answered(ILB), HOST: answered(APP)})
    found = trials(made, base)
    assert found["clear_use_for_app_service"].proposal is not None
    assert found["set_host_name"].proposal is not None
    assert all(trial.together_with is None for trial in found.values())


def test_a_question_about_another_backend_is_no_objection() -> None:
    base = document(
        backendAddressPools=[
            item("backendAddressPools", "pool", backendAddresses=[{"ipAddress": SERVER}]),
            item("backendAddressPools", "second", backendAddresses=[{"ipAddress": "10.1.5.12"}]),
        ],
        requestRoutingRules=[
            rule(),
            rule("second", backendAddressPool=ref("backendAddressPools", "second")),
        ],
    )
    made = case(base, state=None)
    first, second = made.backends
    seen = (
        Observation(BackendView(made, first).probe_attempt, answered(ILB)),
        Observation(BackendView(made, second).probe_attempt, NotTried("outside")),
    )
    assert best(replace(made, observations=seen), base) == "upload_ilb_certificate"


@pytest.mark.parametrize(
    ("outcome", "expected"),
    [
        (NotConnected("timeout", SERVER, "silence"), "could not be read"),
        (answered(), "could not be read"),
    ],
)
def test_without_a_certificate_there_is_nothing_to_upload(outcome: Outcome, expected: str) -> None:
    base = document()
    made = case(base, outcome, message="isn't allow-listed with")
    found = trials(made, base)
    assert expected in found["upload_ilb_certificate"].reason


def test_attempts_are_the_probe_first_then_the_telling_variants() -> None:
    _, made = incident()
    found = wanted_attempts(made)
    assert found[0] == BackendView(made, made.backends[0]).probe_attempt
    assert {it.sni for it in found} == {None, HOST}
    assert len(set(found)) == len(found)


def test_plain_http_is_never_tried_over_tls() -> None:
    base = document(
        backendHttpSettingsCollection=[settings(protocol="Http", port=80)],
        probes=[probe(protocol="Http")],
    )
    made = case(base)
    assert all(not it.tls and it.sni is None for it in wanted_attempts(made))


def test_candidate_names_leave_out_ips_and_wildcards() -> None:
    base = document(
        httpListeners=[
            item(
                "httpListeners", "site", protocol="Https", hostNames=["*.x.example", "a.x.example"]
            )
        ]
    )
    made = case(base)
    assert candidate_names(made.gateway, made.backends[0]) == (HOST, "a.x.example")


def test_what_is_missing_is_named_by_the_server_it_would_really_go_to() -> None:
    base, made = incident()
    trial = trials(made, base)["fqdn_in_pool"]
    assert trial.proposal is not None
    after = what_if(made, base).after(trial.proposal)
    assert missing_attempts(replace(after, observations=()))[0].server == SERVER


def test_a_document_that_moved_on_makes_an_option_not_fit() -> None:
    base, made = incident()
    taken = document(
        authenticationCertificates=[
            *base["properties"]["authenticationCertificates"],
            item(
                "authenticationCertificates",
                "agw-wildcard.ase.appgwtestase.com-2a2e6173",
                data="other",
            ),
        ]
    )
    found = try_options(WhatIf(made, taken, {}, RULES), diagnose(made, RULES), OPTIONS)
    trial = next(it for it in found if it.option.id == "upload_ilb_certificate")
    assert not trial.works
    assert plain(trial.reason) == "it does not apply to the gateway as it is"


def test_a_supposed_certificate_replaces_what_was_seen_only_over_tls() -> None:
    made = replace(
        case(None, answered(tls=False)),
        assumed_certificates=(AssumedCertificate(SERVER, 443, APP),),
    )
    outcome = made.connection(BackendView(made, made.backends[0]).probe_attempt)
    assert isinstance(outcome, Answered)
    assert outcome.handshake is None
    assert isinstance(outcome.http, Response)


def test_certificate_text_is_base64_of_the_der() -> None:
    assert certificate_text(APP) == "dGVzdC5hcHBnd3Rlc3Rhc2UuY29t"
