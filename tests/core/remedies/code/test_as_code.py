"""Which change is told as code, and in which order."""

from bot.core.arm import edit
from bot.core.case.diagnosis import diagnose
from bot.core.remedies.code import as_code
from bot.core.remedies.code.touched import fqdns_of, ips_of, names_of, touched
from bot.core.remedies.options import OPTIONS
from bot.core.report.report import to_json
from bot.core.report.reporting import make_report
from bot.core.rules import RULES
from tests.core.make import NOW, incident
from tests.core.remedies.code.changes import BASE, EDITS, GATEWAY, PARTS
from tests.core.remedies.options.trying import trials


def test_new_entries_come_before_those_that_refer_to_them() -> None:
    assert [part.added for part in PARTS] == sorted((part.added for part in PARTS), reverse=True)
    assert len({(part.collection, part.name) for part in PARTS}) == len(PARTS)


def test_what_it_says_is_what_the_edits_make() -> None:
    after = edit.apply(EDITS, BASE)["properties"]
    for part in touched(EDITS, BASE):
        (entry,) = [it for it in after[part.collection] if it["name"] == part.name]
        assert {it: entry["properties"].get(it) for it in part.values} == dict(part.values)


def test_nothing_is_told_where_nothing_is_edited_or_a_certificate_is_only_supposed() -> None:
    assert as_code(GATEWAY, BASE, ()) == ()
    base, made = incident()
    found = trials(made, base)
    assert found["wildcard_certificate"].proposal is not None
    assert found["wildcard_certificate"].as_code == ()
    assert len(found["upload_ilb_certificate"].as_code) == 3


def test_the_report_and_its_json_carry_it() -> None:
    base, made = incident()
    tried = tuple(trials(made, base).values())
    report = make_report(made, diagnose(made, RULES), tried, RULES, NOW)
    options = {it["id"]: it for it in to_json(report)["options"]}
    first = options["upload_ilb_certificate"]["as_code"][0]
    assert first["language"] == "Azure CLI"
    assert "auth-cert create" in first["text"]
    assert options["migrate_to_v2"]["as_code"] == []
    assert {option.id for option in OPTIONS} == set(options)


def test_odd_entries_of_a_document_are_read_as_elsewhere() -> None:
    members = ["10.0.0.1", {"fqdn": "a.example"}, {}, {"ipAddress": "10.0.0.2"}, "b.example", 5]
    assert fqdns_of(members) == ["a.example", "b.example"]
    assert ips_of(members) == ["10.0.0.1", "10.0.0.2"]
    assert names_of([{"id": "/x/one"}, "two", {}]) == ["one"]
    assert names_of(None) == fqdns_of(None) == []
