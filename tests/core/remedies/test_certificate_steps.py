"""Where a person has to put a certificate, by what the backend is."""

from dataclasses import replace

import pytest

from bot.core.case.view import BackendView
from bot.core.model.app_service_environment import Environment
from bot.core.model.certificate import Certificate
from bot.core.model.marked import plain
from bot.core.remedies.certificate_steps import install_steps
from tests.core.environments import networking, one, stored, v3
from tests.core.make import APP, ILB, SERVER, answered, case, certificate, document

V3 = one(v3(suffix="internal.contoso.com"), networking(SERVER))


@pytest.mark.parametrize(
    ("environments", "old", "words"),
    [
        ((), APP, f"Install it on {SERVER}"),
        (one(held=(stored(),)), ILB, "as the ILB certificate of App Service Environment ase"),
        (V3, certificate("*.internal.contoso.com"), "into Key Vault as a new version"),
        (V3, certificate("*.ase.appserviceenvironment.net"), "ask Azure support"),
        (V3, APP, "Upload it to the app in App Service Environment ase"),
    ],
)
def test_an_environment_takes_each_certificate_at_its_own_place(
    environments: tuple[Environment, ...], old: Certificate, words: str
) -> None:
    made = replace(case(document(), answered(old)), environments=environments)
    first, second = install_steps(BackendView(made, made.backends[0]), old)
    assert words in plain(first)
    assert "its own certificate, the intermediates, the root" in second


def test_the_place_in_key_vault_is_named_where_azure_tells_it() -> None:
    kept = "https://kv.vault.azure.net/secrets/suffix"
    suffix = v3(suffix="internal.contoso.com", going={"certificateUrl": kept})
    old = certificate("*.internal.contoso.com")
    made = replace(case(document(), answered(old)), environments=one(suffix, networking(SERVER)))
    step, _ = install_steps(BackendView(made, made.backends[0]), old)
    assert f"of the custom suffix of ase ({kept}); the environment picks it up" in plain(step)


def test_an_app_outside_of_environments_is_bound_in_app_service() -> None:
    base = document(servers=("shop.azurewebsites.net",))
    made = case(base, answered(APP))
    first, _ = install_steps(BackendView(made, made.backends[0]), APP)
    assert first.startswith("Upload it to the app in App Service, and bind it")
