from hashlib import sha1

from bot.core.model.app_service_environment import Environment
from bot.core.model.marked import plain
from tests.core.environments import networking, one, stored, v2, v3, virtual_ip
from tests.core.make import APP, ILB, SERVER, certificate

OWN = certificate("*.ase.appserviceenvironment.net")
CUSTOM = certificate("*.apps.contoso.com")


def v3_environment() -> Environment:
    (found,) = one(v3(suffix="apps.contoso.com"), networking(SERVER))
    return found


def test_v3_tells_its_two_certificates_apart() -> None:
    environment = v3_environment()
    assert environment.shown(OWN) == "default_domain"
    assert environment.shown(CUSTOM) == "custom_suffix"
    assert environment.shown(APP) == "other"


def test_v2_knows_the_one_that_azure_holds() -> None:
    (environment,) = one(held=(stored(),))
    assert environment.shown(ILB) == "ilb"
    assert environment.shown(APP) == "other"
    renewed = certificate("*.ase.appgwtestase.com", sha256="ab" * 32)
    assert environment.shown(renewed) == "other"


def test_any_of_several_will_do() -> None:
    (environment,) = one(held=(stored(APP, "new_ase_InternalLoadBalancingASE"), stored()))
    assert environment.shown(ILB) == "ilb"


def test_a_thumbprint_is_enough_to_know_it() -> None:
    print_of_ilb = sha1(ILB.der, usedforsecurity=False).hexdigest().upper()
    (environment,) = one(held=(stored(None, thumbprint=print_of_ilb),))
    assert environment.shown(ILB) == "ilb"
    assert environment.shown(APP) == "other"
    (held,) = environment.held
    assert plain(held.label) == f"wild_ase_InternalLoadBalancingASE (SHA-1 {print_of_ilb.lower()})"


def test_v2_without_one_has_a_certificate_for_its_own_names() -> None:
    (environment,) = one(v2(dnsSuffix="ase.appgwtestase.com"), virtual_ip())
    assert environment.shown(ILB) == "default_domain"
    assert environment.shown(APP) == "other"
    (nameless,) = one(v2(dnsSuffix=None))
    assert nameless.shown(ILB) == "other"
