from collections.abc import Mapping

import pytest

from bot.core.arm.environment_reader import (
    EnvironmentDocuments,
    environment_certificate_data,
    environment_id_in,
    inbound,
    is_internal,
    read_environments,
    version,
)
from bot.core.arm.gateway_reader import read_gateway
from bot.core.model.app_service_environment import (
    CustomSuffix,
    Environment,
    IlbCertificate,
    private_members,
)
from bot.core.model.certificate import Unreadable
from bot.core.model.unavailable import Unavailable
from bot.core.remedies.edit_builder import certificate_text
from tests.core.environments import (
    WEB,
    networking,
    one,
    read,
    stored,
    v2,
    v3,
    virtual_ip,
)
from tests.core.make import APP, ILB, SERVER, document
from tests.core.plainly import plainly

FORBIDDEN = Unavailable("forbidden")
NAME = "wild_ase_InternalLoadBalancingASE"


def test_v2_with_its_ilb_certificate() -> None:
    found = one(held=(stored(thumbprint="AB12"), stored(APP, "app")))
    held = IlbCertificate(f"{WEB}/certificates/{NAME}", NAME, "ab12", ILB)
    assert found == (
        Environment(
            id=f"{WEB}/hostingEnvironments/ase",
            name="ase",
            version="v2",
            inbound=(SERVER,),
            dns_suffix="ase.appgwtestase.com",
            custom_suffix=None,
            ilb_certificates=(held,),
        ),
    )


def test_v3_has_a_custom_suffix_and_no_ilb_certificate() -> None:
    addresses = networking(SERVER, "10.1.5.12")
    (found,) = one(v3(suffix="apps.contoso.com"), addresses, held=(stored(),))
    assert (found.version, found.inbound) == ("v3", (SERVER, "10.1.5.12"))
    assert (found.dns_suffix, found.custom_suffix) == (
        "ase.appserviceenvironment.net",
        CustomSuffix("apps.contoso.com", None, None, None),
    )
    assert found.ilb_certificates == ()


def test_how_azure_gets_on_with_the_custom_suffix_is_read() -> None:
    going = {
        "provisioningState": "Degraded",
        "provisioningDetails": "no access",
        "certificateUrl": "https://kv.vault.azure.net/secrets/suffix",
    }
    (found,) = one(v3(suffix="apps.contoso.com", going=going), networking(SERVER))
    kept = "https://kv.vault.azure.net/secrets/suffix"
    assert found.custom_suffix == CustomSuffix("apps.contoso.com", "Degraded", "no access", kept)
    odd = dict.fromkeys(going, 7)
    (found,) = one(v3(suffix="apps.contoso.com", going=odd), networking(SERVER))
    assert found.custom_suffix == CustomSuffix("apps.contoso.com", None, None, None)


def test_only_environments_among_the_pool_members_count() -> None:
    assert read((v2("other"), virtual_ip("10.9.9.9"))) == ()
    assert read((v2("other"), virtual_ip("10.9.9.9")), (v2(), virtual_ip())) == one()


def test_the_ilb_certificates_of_another_environment_do_not_count() -> None:
    (found,) = one(held=(stored(name="wild_database_InternalLoadBalancingASE"),))
    assert found.ilb_certificates == ()


def test_the_name_of_a_certificate_is_compared_without_regard_to_case() -> None:
    (found,) = one(held=(stored(name="WILD_ASE_internalloadbalancingase"),))
    assert [it.certificate for it in found.held] == [ILB]


def test_addresses_that_could_not_be_read_leave_it_open() -> None:
    assert read((v2(), FORBIDDEN)) == FORBIDDEN
    assert read((v2("other"), FORBIDDEN), (v2(), virtual_ip())) == one()
    assert read((v2("other"), FORBIDDEN), servers=("203.0.113.9",)) == FORBIDDEN


def test_what_could_not_be_read_at_all_says_so() -> None:
    gateway = read_gateway(document(), {})
    assert read_environments((FORBIDDEN,), gateway, {}) == FORBIDDEN
    (found,) = one(held=FORBIDDEN)
    assert found.ilb_certificates == FORBIDDEN
    assert found.held == ()


def test_a_certificate_is_known_by_its_thumbprint_alone() -> None:
    (found,) = one(held=(stored(None, thumbprint="AB12"),))
    (held,) = found.held
    assert held.thumbprint == "ab12"
    assert held.certificate == Unreadable("Azure's answer holds no certificate data")


def test_a_certificate_that_nothing_tells_of_cannot_be_compared() -> None:
    (found,) = one(held=(stored(), stored(None)))
    assert isinstance(found.ilb_certificates, Unavailable)
    (garbled,) = _garbled()
    assert isinstance(garbled.ilb_certificates, Unavailable)


def _garbled() -> tuple[Environment, ...]:
    text = certificate_text(ILB)
    found = read((v2(), virtual_ip()), held=(stored(),), known={text: Unreadable("garbled")})
    assert isinstance(found, tuple)
    return found


def test_only_the_texts_of_ilb_certificates_are_to_be_parsed() -> None:
    held = (stored(), stored(APP, "app"), stored(None))
    documents = EnvironmentDocuments(((v2(), virtual_ip()),), held)
    without = (FORBIDDEN, EnvironmentDocuments((), FORBIDDEN))
    assert list(environment_certificate_data(without)) == []
    assert list(environment_certificate_data((*without, documents))) == [certificate_text(ILB)]


def test_each_subscription_counts_for_itself() -> None:
    gateway = read_gateway(document(), {})
    own = EnvironmentDocuments(((v2("other"), virtual_ip("10.9.9.9")),), (stored(),))
    there = EnvironmentDocuments(((v2(), virtual_ip()),), FORBIDDEN)
    found = read_environments((own, FORBIDDEN, there), gateway, {})
    assert isinstance(found, tuple)
    assert [(it.name, it.ilb_certificates) for it in found] == [("ase", FORBIDDEN)]
    slow = Unavailable("too slow")
    assert read_environments((own, FORBIDDEN, slow), gateway, {}) == FORBIDDEN
    assert read_environments((own,), gateway, {}) == ()


@pytest.mark.parametrize("mode", ["Web", "Web, Publishing", "web,publishing", 1, 3, "3", [], {}])
def test_behind_an_ilb(mode: str) -> None:
    assert is_internal(v2(internalLoadBalancingMode=mode))


@pytest.mark.parametrize("mode", ["None", "Publishing", None, 0, 2, "0"])
def test_not_behind_an_ilb(mode: object) -> None:
    assert not is_internal(v2(internalLoadBalancingMode=mode))


def test_the_version_is_the_kind() -> None:
    assert [version({"kind": kind}) for kind in ("ASEV3", "asev3", "ASEV2", None)] == [
        "v3",
        "v3",
        "v2",
        "v2",
    ]


@pytest.mark.parametrize(
    "addresses",
    [
        FORBIDDEN,
        {},
        {"properties": None},
        virtual_ip(None),
        {"properties": {"internalInboundIpAddresses": "10.1.5.11"}},
        {"properties": {"internalInboundIpAddresses": [None, 7, ""]}},
    ],
)
def test_addresses_are_read_defensively(addresses: Mapping[str, object] | Unavailable) -> None:
    assert inbound(addresses) == ()


def test_an_environment_is_read_defensively() -> None:
    (found,) = one({"properties": {"dnsSuffix": 7, "customDnsSuffixConfiguration": []}})
    assert (found.id, found.name, found.dns_suffix, found.custom_suffix) == ("", "", None, None)


def test_only_members_that_are_not_of_the_internet_can_be_an_ilb() -> None:
    servers = ("10.1.5.11", "100.64.0.9", "fd00::1", "203.0.114.9", "8.8.8.8")
    gateway = read_gateway(document(servers=servers), {})
    assert private_members(gateway) == {"10.1.5.11", "100.64.0.9", "fd00::1"}
    named = read_gateway(document(servers=("shop.contoso.com",)), {})
    assert private_members(named) == frozenset()


def test_what_cannot_be_read_of_an_environment_is_noted() -> None:
    odd_suffix = {"properties": {"dnsSuffix": 7}}
    addresses = {"properties": {"internalIpAddress": SERVER, "internalInboundIpAddresses": 7}}
    (found,) = one(v2(customDnsSuffixConfiguration=odd_suffix), addresses)
    assert plainly(found.notes) == (
        "Not read: customDnsSuffixConfiguration/dnsSuffix of an App Service Environment is the"
        " number 7, not a text",
        "Not read: internalInboundIpAddresses of the addresses of an App Service Environment is"
        " the number 7, not a list",
    )


def test_addresses_that_cannot_be_read_may_be_those_of_a_member() -> None:
    found = read((v2(), {"properties": {"internalIpAddress": 7}}))
    assert plainly(found) == Unavailable(
        "Not read: internalIpAddress of the addresses of an App Service Environment is the number"
        " 7, not a text"
    )


def test_a_certificate_whose_name_cannot_be_read_may_be_the_very_one() -> None:
    (found,) = one(held=(stored(), {**stored(APP), "name": 7}))
    assert plainly(found.ilb_certificates) == Unavailable(
        "Not read: name of a certificate of App Service is the number 7, not a text"
    )


def test_where_its_addresses_can_be_asked_for() -> None:
    assert environment_id_in(v2()) == f"{WEB}/hostingEnvironments/ase"
    assert environment_id_in({"id": 7}) is None
