"""Every option, applied to the shapes it is for and to those it is not for."""

from datetime import timedelta
from typing import Any

import pytest

from bot.core.arm import edit
from bot.core.case.case import Case
from bot.core.case.view import BackendView
from bot.core.model.certificate import Unreadable
from bot.core.model.marked import plain
from bot.core.model.observation import NotConnected, NotTried, Outcome, Trust
from bot.core.model.unavailable import Unavailable
from bot.core.remedies import edit_builder
from bot.core.remedies.assumption import Resolves
from bot.core.remedies.edit_builder import certificate_text
from bot.core.remedies.option import NotApplicable, Proposal
from bot.core.remedies.options import (
    OPTIONS,
    clear_use_for_app_service,
    fqdn_in_pool,
    migrate_to_v2,
    set_host_name,
    upload_ilb_certificate,
    upload_root_certificate,
    wildcard_certificate,
)
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
    item,
    probe,
    ref,
    root,
    settings,
    v2_settings,
)
from tests.core.remedies.options.trying import assumed_certificates

HTTP: dict[str, Any] = {
    "backendHttpSettingsCollection": [settings(protocol="Http", port=80)],
    "probes": [probe(protocol="Http")],
}
NAMELESS: dict[str, Any] = {
    "httpListeners": [item("httpListeners", "site", protocol="Https")],
    "probes": [probe(host=None)],
}
TRUSTS = (Trust(ROOT.sha256, 0, "ok"),)
PICKED: dict[str, Any] = {"pickHostNameFromBackendAddress": True}


def v2(probes: Any = None, tier: str = "Standard_v2", top: Any = None, **changes: Any) -> Any:
    found = {"probes": probes} if probes is not None else {}
    return document(
        tier=tier, backendHttpSettingsCollection=[v2_settings(**changes)], **found, **(top or {})
    )


def proposed(option: Any, base: Any, outcome: Outcome | None = None, **more: Any) -> Proposal:
    found = asked(option, case(base, outcome, **more), base)
    assert isinstance(found, Proposal), found
    return found


def refused(option: Any, base: Any, outcome: Outcome | None = None, **more: Any) -> str:
    found = asked(option, case(base, outcome, **more), base)
    assert isinstance(found, NotApplicable), found
    return found.reason


def asked(option: Any, made: Case, base: Any) -> Proposal | NotApplicable:
    found = option.OPTION.propose(BackendView(made, made.backends[0]), base)
    assert isinstance(found, Proposal | NotApplicable)
    return found


@pytest.mark.parametrize("option", OPTIONS, ids=lambda option: option.id)
def test_every_option_is_whole(option: Any) -> None:
    assert option.sources
    assert all(it.startswith("https://") for it in option.sources)
    # Wider ones do not fit on a button on a phone.
    assert not option.automated or len(option.title) <= 34
    assert option.title


class TestUploadIlbCertificate:
    def test_adds_the_served_leaf_beside_what_is_there(self) -> None:
        base = document()
        found = proposed(upload_ilb_certificate, base, answered(ILB))
        changed = edit.apply(found.edits, base)["properties"]
        assert [it["properties"]["data"] for it in changed["authenticationCertificates"]] == [
            certificate_text(APP),
            certificate_text(ILB),
        ]
        listed = changed["backendHttpSettingsCollection"][0]["properties"][
            "authenticationCertificates"
        ]
        assert len(listed) == 2

    def test_refers_to_a_certificate_that_the_gateway_has_already(self) -> None:
        stored = [
            item("authenticationCertificates", "app", data=certificate_text(APP)),
            item("authenticationCertificates", "ilb", data=certificate_text(ILB)),
        ]
        found = proposed(
            upload_ilb_certificate, document(authenticationCertificates=stored), answered(ILB)
        )
        assert [it.place for it in found.edits] == [
            "backendHttpSettingsCollection/https/authenticationCertificates"
        ]

    def test_is_not_for_v2_plain_http_or_what_is_listed_already(self) -> None:
        assert "Azure rejects" in refused(upload_ilb_certificate, v2(), answered(ILB))
        assert "does not use TLS" in refused(
            upload_ilb_certificate, document(**HTTP), answered(tls=False)
        )
        assert "already" in refused(upload_ilb_certificate, document(), answered(APP))
        assert "could not be read" in refused(
            upload_ilb_certificate, document(), NotTried("outside")
        )

    def test_where_the_bot_cannot_look_it_says_how_to_do_it_by_hand(self) -> None:
        base = document()
        found = asked(upload_ilb_certificate, case(base, NotTried("outside")), base)
        assert isinstance(found, NotApplicable)
        reach, save, upload, allow = map(plain, found.steps)
        assert "AGW_CONNECT_TO=10.1.5.11:443=HOST:PORT" in reach
        assert "openssl s_client -connect 10.1.5.11:443 -noservername" in save
        assert upload.endswith(
            "auth-cert create -g rg-test --subscription s1 --gateway-name agw -n ilb --cert-file ilb.cer"
        )
        assert allow.endswith("-n https --auth-certs app ilb")

    def test_a_stored_certificate_that_cannot_be_read_is_not_the_same(self) -> None:
        stored = [item("authenticationCertificates", "app", data="odd")]
        made = case(document(authenticationCertificates=stored), answered(ILB))
        assert isinstance(made.gateway.authentication_certificates[0].certificate, Unreadable)
        found = proposed(
            upload_ilb_certificate, document(authenticationCertificates=stored), answered(ILB)
        )
        assert len(found.edits) == 2

    def test_a_name_of_strange_characters_still_gives_a_legal_name(self) -> None:
        odd = certificate("*.\u00e4 /?" + "x" * 200)
        found = proposed(upload_ilb_certificate, document(), answered(odd))
        upload = found.edits[0]
        assert isinstance(upload, edit.Item)
        name = upload.name
        assert len(name) <= 80
        assert name.isascii()
        nameless = proposed(
            upload_ilb_certificate, document(), answered(certificate("x", common_name=None))
        )
        assert "agw-certificate-" in nameless.edits[0].place


class TestUploadRootCertificate:
    def test_takes_the_root_that_the_backend_sends(self) -> None:
        found = proposed(upload_root_certificate, v2(), answered(APP, ROOT, trust=TRUSTS))
        assert found.certificates == (ROOT,)

    def test_takes_a_root_that_the_gateway_already_stores(self) -> None:
        stored = [item("trustedRootCertificates", "mine", data=certificate_text(ROOT))]
        base = v2(top={"trustedRootCertificates": stored})
        found = proposed(upload_root_certificate, base, answered(APP, trust=TRUSTS))
        assert len(found.edits) == 1

    def test_warns_only_where_the_public_cas_are_lost(self) -> None:
        other = root("other")
        stored = [item("trustedRootCertificates", "other", data=certificate_text(other))]
        base = v2(
            top={"trustedRootCertificates": stored},
            trustedRootCertificates=[ref("trustedRootCertificates", "other")],
        )
        found = proposed(
            upload_root_certificate, base, answered(APP, ROOT, trust=TRUSTS), known=(other,)
        )
        assert "public CAs" not in found.summary

    def test_is_not_for_what_would_not_work(self) -> None:
        ask = upload_root_certificate
        assert "has no trusted roots" in refused(ask, document(), answered(ILB))
        http = v2(probes=[probe(protocol="Http")], protocol="Http")
        assert "does not use TLS" in refused(ask, http, answered(tls=False))
        assert "could not be read" in refused(ask, v2(), NotTried("outside"))
        assert "does not send its root" in refused(ask, v2(), answered(APP))
        assert "public CA, which is trusted" in refused(ask, v2(), answered(APP, public=0))
        alone = certificate(HOST, self_signed=True, issuer=f"CN={HOST}")
        assert "CA:TRUE" in refused(ask, v2(), answered(alone))
        late = root(not_after=NOW - timedelta(days=1))
        trust = (Trust(late.sha256, 0, "ok"),)
        assert "out of date" in refused(ask, v2(), answered(APP, late, trust=trust))

    def test_says_how_to_fetch_a_root_that_is_not_sent(self) -> None:
        base = v2()
        found = asked(upload_root_certificate, case(base, answered(APP)), base)
        assert isinstance(found, NotApplicable)
        who, where, upload, trust = map(plain, found.steps)
        assert APP.issuer in who
        assert where.endswith("| openssl x509 -text -noout")
        assert "root-cert create" in upload
        assert trust.endswith("--root-certs backend-root")

    def test_a_root_that_does_not_sign_the_chain_is_not_taken(self) -> None:
        wrong = (Trust(ROOT.sha256, 20, "no"),)
        assert "does not send its root" in refused(
            upload_root_certificate, v2(), answered(APP, ROOT, trust=wrong)
        )

    def test_a_root_in_use_is_nothing_new(self) -> None:
        stored = [item("trustedRootCertificates", "mine", data=certificate_text(ROOT))]
        base = v2(
            top={"trustedRootCertificates": stored},
            trustedRootCertificates=[ref("trustedRootCertificates", "mine")],
        )
        assert "already" in refused(upload_root_certificate, base, answered(APP, trust=TRUSTS))


class TestSetHostName:
    BOTH: dict[str | None, Outcome] = {None: answered(ILB), HOST: answered(APP)}  # noqa: RUF012

    def after(self, base: Any, outcomes: dict[str | None, Outcome] | None = None) -> Any:
        found = proposed(set_host_name, base, by_sni=outcomes or self.BOTH)
        return edit.apply(found.edits, base)["properties"]

    def test_changes_only_the_host_of_an_existing_probe(self) -> None:
        changed = self.after(v2(probes=[probe(host=SERVER)]))
        assert changed["probes"][0]["properties"]["host"] == HOST
        assert changed["backendHttpSettingsCollection"][0]["properties"]["probe"] == ref(
            "probes", "probe"
        )

    def test_a_probe_that_picks_gets_a_host_of_its_own(self) -> None:
        picking = probe(host=None, pickHostNameFromBackendHttpSettings=True)
        changed = self.after(v2(probes=[picking], **PICKED))
        assert changed["probes"][0]["properties"]["pickHostNameFromBackendHttpSettings"] is False
        setting = changed["backendHttpSettingsCollection"][0]["properties"]
        assert setting["pickHostNameFromBackendAddress"] is False

    @pytest.mark.parametrize("picks", [True, False])
    def test_the_default_probe_becomes_a_custom_one(self, picks: bool) -> None:
        changed = self.after(v2(probes=[], probe=None, pickHostNameFromBackendAddress=picks))
        (made,) = changed["probes"]
        assert (made["name"], made["properties"]["host"]) == ("agw-https", HOST)
        setting = changed["backendHttpSettingsCollection"][0]["properties"]
        assert setting["probe"]["id"].endswith("/probes/agw-https")
        assert setting["pickHostNameFromBackendAddress"] is False

    def test_plain_http_needs_only_a_name(self) -> None:
        base = v2(probes=[probe(protocol="Http", host="x.invalid")], protocol="Http", port=80)
        found = asked(set_host_name, case(base, answered(tls=False, status=404)), base)
        assert isinstance(found, NotApplicable)

    def test_is_not_for_v1_unknown_names_or_what_is_set_already(self) -> None:
        assert "on v1" in refused(set_host_name, document(), answered(ILB))
        assert "any known host name" in refused(set_host_name, v2(), answered(ILB))
        assert "already" in refused(set_host_name, v2(), by_sni={HOST: answered(APP)})
        empty: dict[str | None, Outcome] = {HOST: answered()}
        assert "any known host name" in refused(set_host_name, v2(), by_sni=empty)


class TestClearUseForAppService:
    def test_unsets_both_picks_and_gives_the_probe_a_host(self) -> None:
        picking = probe(host=None, pickHostNameFromBackendHttpSettings=True)
        base = document(backendHttpSettingsCollection=[settings(**PICKED)], probes=[picking])
        changed = edit.apply(proposed(clear_use_for_app_service, base).edits, base)["properties"]
        assert changed["probes"][0]["properties"]["host"] == HOST
        setting = changed["backendHttpSettingsCollection"][0]["properties"]
        assert setting["pickHostNameFromBackendAddress"] is False

    def test_leaves_a_probe_with_a_host_of_its_own_alone(self) -> None:
        base = document(backendHttpSettingsCollection=[settings(**PICKED)])
        assert len(proposed(clear_use_for_app_service, base).edits) == 1

    def test_is_not_for_unset_named_or_nameless(self) -> None:
        ask = clear_use_for_app_service
        picked = [settings(**PICKED)]
        assert "does not take" in refused(ask, document())
        named = document(servers=("a.example",), backendHttpSettingsCollection=picked)
        assert "is a name" in refused(ask, named)
        nameless = document(backendHttpSettingsCollection=picked, **NAMELESS)
        assert "no host name" in refused(ask, nameless)


class TestFqdnInPool:
    def test_exchanges_only_the_one_member(self) -> None:
        base = document(servers=(SERVER, "10.1.5.12"))
        found = proposed(fqdn_in_pool, base)
        changed = edit.apply(found.edits, base)["properties"]["backendAddressPools"][0]
        assert changed["properties"]["backendAddresses"] == [
            {"fqdn": HOST},
            {"ipAddress": "10.1.5.12"},
        ]
        assert found.assumptions == (Resolves(HOST, SERVER),)
        assert any("nslookup" in step for step in found.steps)

    def test_says_where_no_sni_is_sent_all_the_same(self) -> None:
        base = v2(probes=[probe(host=SERVER)])
        assert "sends no SNI all the same" in proposed(fqdn_in_pool, base).summary

    def test_is_not_for_names_plain_http_or_no_name(self) -> None:
        assert "already" in refused(fqdn_in_pool, document(servers=("a.example",)))
        assert "without TLS" in refused(fqdn_in_pool, document(**HTTP))
        assert "no host name" in refused(fqdn_in_pool, document(**NAMELESS))


TWO_CERTIFICATES: dict[str | None, Outcome] = {None: answered(ILB), HOST: answered(APP)}


class TestWildcardCertificate:
    def test_supposes_one_certificate_for_the_domain(self) -> None:
        found = proposed(wildcard_certificate, document(), by_sni=TWO_CERTIFICATES)
        (served,) = assumed_certificates(found)
        assert served.certificate.dns_names == ("*.appgwtestase.com",)
        assert found.certificates == (served.certificate,)
        assert proposed(wildcard_certificate, v2(), by_sni=TWO_CERTIFICATES).edits == ()

    def test_what_may_be_an_environment_gets_it_as_its_ilb_certificate(self) -> None:
        unread = Unavailable("not asked")
        found = proposed(
            wildcard_certificate, document(), by_sni=TWO_CERTIFICATES, environments=unread
        )
        assert any("as the ILB certificate" in it for it in found.steps)

    def test_is_not_for_plain_http_or_several_domains(self) -> None:
        assert "does not use TLS" in refused(wildcard_certificate, document(**HTTP))
        several = document(probes=[probe(host="a.other.com")])
        assert "only the names of one domain" in refused(
            wildcard_certificate, several, by_sni=TWO_CERTIFICATES
        )
        nameless = document(**NAMELESS)
        assert "no host name" in refused(wildcard_certificate, nameless, by_sni=TWO_CERTIFICATES)

    def test_is_not_for_a_backend_whose_certificates_nobody_saw(self) -> None:
        refusing = NotConnected("refused", SERVER, "connection refused")
        assert "no certificate" in refused(wildcard_certificate, document(), refusing)


def test_migration_is_no_remedy_for_tonight() -> None:
    assert "not a remedy for tonight" in refused(migrate_to_v2, document())
    found = asked(migrate_to_v2, case(document()), document())
    assert isinstance(found, NotApplicable)
    assert any("AzureAppGWClone.ps1 -resourceId /subscriptions/s1/" in it for it in found.steps)
    assert "already" in refused(migrate_to_v2, v2())


def test_the_value_of_what_is_not_there_is_none() -> None:
    assert edit_builder.raw_value(document(), "probes", "other", "host") is None
    odd = document(probes=[{"name": "probe", "properties": "odd"}])
    assert edit_builder.raw_value(odd, "probes", "probe", "host") is None


def test_what_supposes_more_than_a_change_is_not_done_by_the_change_alone() -> None:
    base = document()
    made = case(base, by_sni={None: answered(ILB), HOST: answered(APP)})
    upload = asked(upload_ilb_certificate, made, base)
    by_name = asked(fqdn_in_pool, made, base)
    assert isinstance(upload, Proposal)
    assert isinstance(by_name, Proposal)
    assert (upload.is_change_only, by_name.is_change_only) == (True, False)
    assert not Proposal("nothing to change").is_change_only
