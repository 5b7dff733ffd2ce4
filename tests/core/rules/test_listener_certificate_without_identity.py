from typing import Any

import pytest

from bot.core.arm.document import Json
from bot.core.case.diagnosis import diagnose
from bot.core.case.finding import Match
from bot.core.report.client_facts import client_facts
from bot.core.rules import RULES
from bot.core.rules.listener_certificate_without_identity import RULE
from tests.core.asking import matches, quiet
from tests.core.clients import looked_at
from tests.core.make import APP, HOST, answered, case, document, item, ref

SECRET = "https://contoso.vault.azure.net/secrets/shop"
IDENTITY = {"type": "UserAssigned", "userAssignedIdentities": {"/subscriptions/s1/id": {}}}


def kept(state: str = "Failed", used: bool = True, **changes: Any) -> Json:
    listener = item(
        "httpListeners",
        "site",
        protocol="Https",
        hostName=HOST,
        frontendPort=ref("frontendPorts", "p443"),
        sslCertificate=ref("sslCertificates", "shop") if used else None,
    )
    stored = item("sslCertificates", "shop", keyVaultSecretId=SECRET)
    return document(
        httpListeners=[listener],
        sslCertificates=[stored],
        provisioningState=state,
        **changes,
    )


def test_matches_a_certificate_in_key_vault_without_an_identity() -> None:
    made = case(kept(), answered(APP), state="healthy")
    (summary,) = matches(RULE, made)
    assert summary.startswith(
        "The certificate of site is kept in Key Vault, and the gateway has no"
    )
    assert [it.rule for it in diagnose(made, RULES).errors] == [RULE.id]
    (seen,) = RULE.check(made)
    assert isinstance(seen, Match)
    assert seen.sites == (HOST,)


@pytest.mark.parametrize("identity", [None, {}, {"type": "None"}, {"type": "SystemAssigned"}])
def test_matches_whatever_says_that_there_is_no_such_identity(identity: object) -> None:
    assert matches(RULE, case(kept(top_identity=identity)))


def test_what_its_clients_get_is_not_known_whatever_the_server_gives() -> None:
    made = looked_at(kept(), lambda _: 200)
    (client,) = client_facts(made)
    assert (client.word, client.served, client.status) == ("not_tried", None, None)
    assert "Azure may have disabled it" in client.because
    (served,) = client_facts(looked_at(kept("Succeeded"), lambda _: 200))
    assert served.served is True


def test_is_quiet_with_an_identity_and_where_the_last_change_succeeded() -> None:
    assert quiet(RULE, case(kept(top_identity=IDENTITY)))
    assert quiet(RULE, case(kept(top_identity={"type": "SystemAssigned, UserAssigned"})))
    assert quiet(RULE, case(kept("Succeeded")))
    assert quiet(RULE, case(kept(used=False)))
    assert quiet(RULE, case(document(provisioningState="Failed")))


def test_an_unreadable_identity_is_not_called_missing() -> None:
    assert quiet(RULE, case(kept(top_identity=["odd"])))
    assert quiet(RULE, case(kept(top_identity={"type": "X", "userAssignedIdentities": "odd"})))
