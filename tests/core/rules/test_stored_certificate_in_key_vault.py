from typing import Any

from bot.core.case.diagnosis import diagnose
from bot.core.rules import RULES
from bot.core.rules.stored_certificate_in_key_vault import RULE
from tests.core.asking import matches, quiet
from tests.core.make import answered, case, item
from tests.core.rules.chains import ISSUING, LEAF, LISTED, v2


def kept(**changes: Any) -> Any:
    base = v2(**changes)
    secret = "https://vault.example/secrets/root"
    stored = item("trustedRootCertificates", "root", keyVaultSecretId=secret)
    base["properties"]["trustedRootCertificates"] = [stored]
    return base


def test_matches_a_root_in_use() -> None:
    (summary,) = matches(RULE, case(kept(**LISTED)))
    assert summary.startswith("root is kept in Key Vault")


def test_the_missing_root_leaves_the_chain_undecided_and_makes_no_fault() -> None:
    diagnosis = diagnose(case(kept(**LISTED), answered(LEAF, ISSUING), state=None), RULES)
    assert not diagnosis.errors
    assert "root_not_trusted" in {it.rule for it in diagnosis.undecided}


def test_is_quiet_when_unused_or_uploaded() -> None:
    assert quiet(RULE, case(kept()))
    assert quiet(RULE, case(v2(**LISTED)))
    assert quiet(RULE, case(v2(stored="bm90IG9uZQ==", **LISTED)))
