"""The fragments are HCL, read here by a real parser, and say what the edits say."""

import re
from typing import Any

import hcl2
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.core.remedies.code import terraform
from bot.core.remedies.code.touched import TouchedEntry
from tests.core.remedies.code.changes import GATEWAY, PARTS

TEXT = terraform.text(GATEWAY, PARTS)


def resource() -> dict[str, Any]:
    """The one resource, as the parser reads it; it keeps the quotes of strings."""
    (found,) = hcl2.loads(f"{TEXT}\n")["resource"]
    return dict(found['"azurerm_application_gateway"']['"agw"'])


def test_new_blocks_come_with_all_that_they_have() -> None:
    found = resource()
    (certificate,) = found["authentication_certificate"]
    assert certificate["data"] == '"Ki5hc2UuYXBwZ3d0ZXN0YXNlLmNvbQ=="'
    (root,) = found["trusted_root_certificate"]
    assert root["name"] == '"agw-privateCA-70726976"'
    own = found["probe"][0]
    assert (own["unhealthy_threshold"], own["interval"]) == (3, 30)
    assert own["pick_host_name_from_backend_http_settings"] is False


def test_settings_refer_by_name() -> None:
    (settings,) = resource()["backend_http_settings"]
    assert [it["name"] for it in settings["authentication_certificate"]] == [
        '"app"',
        '"agw-wildcard.ase.appgwtestase.com-2a2e6173"',
    ]
    assert settings["trusted_root_certificate_names"] == ['"agw-privateCA-70726976"']
    assert settings["probe_name"] == '"agw-https"'
    assert settings["sni_name"] == '"shop.example"'
    assert settings["pick_host_name_from_backend_address"] is True


def test_backend_settings_of_the_proxy_have_a_block_of_their_own() -> None:
    roots = [{"id": "/trustedRootCertificates/private"}]
    part = TouchedEntry(
        "backendSettingsCollection", "db", False, {"trustedRootCertificates": roots}
    )
    (found,) = hcl2.loads(f"{terraform.text(GATEWAY, (part,))}\n")["resource"]
    (block,) = found['"azurerm_application_gateway"']['"agw"']["backend"]
    assert block["trusted_root_certificate_names"] == ['"private"']
    assert block["name"] == '"db"'


def test_match_members_and_what_is_taken_away() -> None:
    found = resource()
    changed = found["probe"][1]
    (match,) = changed["match"]
    assert match["status_code"] == ['"200-399"', '"401"']
    assert changed["host"] is None
    (pool,) = found["backend_address_pool"]
    assert (pool["fqdns"], pool["ip_addresses"]) == (['"shop.example"'], ['"10.1.5.11"'])


def test_nothing_in_a_string_is_a_template_or_ends_it() -> None:
    assert resource()["probe"][0]["path"] == '"it\'s $${a} \\"b\\" %%{c}"'
    assert terraform.quoted("a\\b\nc") == r'"a\\b\U0000000ac"'


def test_equals_signs_stand_in_one_column() -> None:
    lines = [line for line in TEXT.splitlines() if "fqdns" in line or "ip_addresses" in line]
    assert len({line.index("=") for line in lines}) == 1


@given(st.text(st.characters(codec="utf-8") | st.sampled_from("\"\\${}%'\n\r\t"), max_size=12))
def test_every_value_comes_back_as_it_was(value: str) -> None:
    # python-hcl2 cannot read an escaped template that never ends, as in "%%{"; Terraform's own rules allow it.
    assume(not re.search(r"[$%]\{[^}]*$", value))
    part = TouchedEntry("probes", "probe", True, {"path": value})
    (found,) = hcl2.loads(f"{terraform.text(GATEWAY, (part,))}\n")["resource"]
    (block,) = found['"azurerm_application_gateway"']['"agw"']["probe"]
    assert _unescaped(block["path"]) == value


def _unescaped(literal: str) -> str:
    # https://developer.hashicorp.com/terraform/language/expressions/strings
    pairs = {'\\"': '"', "\\\\": "\\", "$${": "${", "%%{": "%{"}
    plain, rest = "", literal[1:-1]
    while rest:
        if rest.startswith("\\U"):
            plain += chr(int(rest[2:10], 16))
            rest = rest[10:]
            continue
        found = next((it for it in pairs if rest.startswith(it)), None)
        plain += pairs[found] if found else rest[0]
        rest = rest[len(found or rest[0]) :]
    return plain
