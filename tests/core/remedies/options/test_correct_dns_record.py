"""A name that leads to addresses at which the site fails: which are to go, and that it helps on paper."""

from dataclasses import replace

from bot.core.model.observation import NotConnected
from bot.core.remedies.options.correct_dns_record import OPTION
from tests.core.make import APP, HOST, ILB, answered, incident
from tests.core.naming import DNS_SERVER, NAMED, A, B, judged
from tests.core.networks import around
from tests.core.remedies.options.trying import best, proposed, refused, trials

WELL, WRONG = answered(APP), answered(ILB)


def test_it_is_recommended_where_one_address_of_two_fails() -> None:
    made = judged({A: WRONG, B: WELL}, (A, B), state="healthy")
    assert best(made, NAMED) == "correct_dns_record"
    found = trials(made, NAMED)["correct_dns_record"]
    assert not found.automated
    assert (
        f"make {HOST} resolve to {B} in the gateway's network, and no longer to {A}" in found.reason
    )


def test_it_is_recommended_where_the_gateways_network_has_an_old_address() -> None:
    made = judged({A: WELL, B: WRONG}, (A,), there=(B,))
    assert best(made, NAMED) == "correct_dns_record"
    steps = trials(made, NAMED)["correct_dns_record"].steps
    assert f"on the DNS servers {DNS_SERVER} " in steps[1]
    assert f"nslookup {HOST} {DNS_SERVER}" in steps[2]


def test_without_dns_servers_of_its_own_the_network_is_asked_by_name() -> None:
    made = judged({A: WRONG, B: WELL}, (A, B))
    steps = proposed(OPTION, replace(made, network=around()), NAMED).steps
    assert steps[1].startswith("Otherwise correct the record in DNS")
    assert steps[2].endswith(f"nslookup {HOST}")


def test_a_refused_old_address_is_not_a_way_to_be_opened() -> None:
    refused_there = NotConnected("refused", B, "connection refused")
    made = judged({A: WELL, B: refused_there}, (A,), there=(B,), message="Cannot connect to server")
    assert best(made, NAMED) == "correct_dns_record"
    assert not trials(made, NAMED)["open_network_path"].works


def test_it_makes_no_sense_without_a_better_address() -> None:
    base, made = incident()
    assert "is not a name" in refused(OPTION, made, base)
    for alike in ({A: WELL, B: WELL}, {A: WRONG, B: WRONG}):
        assert "no other address" in refused(OPTION, judged(alike, (A, B)), NAMED)
