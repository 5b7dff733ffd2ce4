"""What the DNS servers of a gateway's network are asked."""

from bot.core.case.dns_questions import MOST_NAMES, MOST_SERVERS, dns_questions
from bot.core.model.network import NOT_LOOKED_AT
from bot.core.model.observation import Question
from tests.core.make import HOST, case, document, probe, settings
from tests.core.naming import DNS_SERVER
from tests.core.networks import around

OWN = around(dns=(DNS_SERVER,))


def test_named_members_and_the_name_that_could_stand_for_an_ip_are_asked_for() -> None:
    named = case(document(servers=("web.contoso.com",)), network=OWN)
    assert dns_questions(named) == (Question("web.contoso.com", DNS_SERVER),)
    assert dns_questions(case(network=OWN)) == (Question(HOST, DNS_SERVER),)


def test_for_plain_http_no_name_need_stand_for_an_ip() -> None:
    plain = document(
        backendHttpSettingsCollection=[settings(protocol="Http", port=80)],
        probes=[probe(protocol="Http")],
    )
    assert dns_questions(case(plain, network=OWN)) == ()


def test_a_few_names_and_a_few_servers_are_enough() -> None:
    names = tuple(f"web{number}.contoso.com" for number in range(9))
    servers = ("dns.contoso.com", "10.9.0.5", "10.9.0.6", "10.9.0.7")
    made = case(document(servers=names), network=around(dns=servers))
    asked = dns_questions(made)
    assert {it.name for it in asked} == set(names[:MOST_NAMES])
    assert {it.server for it in asked} == set(servers[1 : 1 + MOST_SERVERS])
    assert len(asked) == len(set(asked)) == MOST_NAMES * MOST_SERVERS


def test_nothing_is_asked_of_azures_own_dns_or_where_none_is_known() -> None:
    named = document(servers=(HOST,))
    assert dns_questions(case(named, network=around())) == ()
    assert dns_questions(case(named, network=NOT_LOOKED_AT)) == ()
