"""On a gateway that AGIC owns, the cluster comes first: the annotation that does what the button would."""

from typing import Any

import pytest

from bot.core.arm.edit import Edit, Item, Reference, Value, sub_resource_id
from bot.core.arm.gateway_reader import read_gateway
from bot.core.case.diagnosis import diagnose
from bot.core.model.gateway import Gateway
from bot.core.model.marked import plain
from bot.core.remedies.agic_steps import cluster_first
from bot.core.remedies.edit_builder import POOLS, PROBES, SETTINGS
from bot.core.remedies.options import OPTIONS
from bot.core.remedies.what_if import recommended, try_options
from bot.core.report.option_facts import option_facts
from bot.core.rules import RULES
from tests.core.make import APP, HOST, SERVER, answered, case, document, probe, what_if
from tests.core.plainly import plainly

OWNED = {"managed-by-k8s-ingress": "1"}
BASE = document(tier="Standard_v2", top_tags=OWNED)
ROOTS = "trustedRootCertificates"


def steps(*edits: Edit, base: Any = BASE) -> tuple[str, ...]:
    gateway: Gateway = read_gateway(base, {})
    return plainly(cluster_first(gateway, base, edits))


def value(collection: str, field: str, after: object, before: object = None) -> Value:
    name = {SETTINGS: "https", PROBES: "probe", POOLS: "pool"}[collection]
    return Value(collection, name, field, before, after)


@pytest.mark.parametrize(
    ("edit", "annotation"),
    [
        (value(SETTINGS, "hostName", HOST), f"backend-hostname={HOST}"),
        (value(SETTINGS, "protocol", "Http", "Https"), "backend-protocol=http"),
        (value(SETTINGS, "requestTimeout", 60, 20), "request-timeout=60"),
        (value(PROBES, "path", "/health", "/"), "health-probe-path=/health"),
        (
            value(PROBES, "match", {"statusCodes": ["200-399", 401]}),
            "health-probe-status-codes=200-399,401",
        ),
        (value(PROBES, "host", None, HOST), "health-probe-hostname-"),
    ],
)
def test_the_annotation_does_what_the_edit_does(edit: Value, annotation: str) -> None:
    find, annotate, second = steps(edit)
    assert find.endswith("kubectl get ingress -A")
    assert annotate.endswith(f"--overwrite appgw.ingress.kubernetes.io/{annotation}")
    assert "takes it back with its next change" in second


def test_several_edits_are_one_command_and_a_root_is_named() -> None:
    upload = Item("add", ROOTS, "root", {"data": "QUJD"})
    refer = Reference("add", SETTINGS, "https", ROOTS, sub_resource_id(BASE, ROOTS, "root"))
    said = steps(upload, refer, value(SETTINGS, "hostName", HOST))[1]
    assert "appgw.ingress.kubernetes.io/appgw-trusted-root-certificate=root" in said
    assert f"appgw.ingress.kubernetes.io/backend-hostname={HOST}" in said


def test_what_no_annotation_sets_is_corrected_in_the_cluster_all_the_same() -> None:
    member = value(POOLS, "backendAddresses", [{"fqdn": HOST}], [{"ipAddress": SERVER}])
    first, second = steps(member)
    assert "no annotation sets it" in first
    assert "kubectl get ingress,services,endpointslices -A" in first
    assert "second" in second


def test_other_gateways_and_options_without_edits_have_nothing_to_do_first() -> None:
    assert steps() == ()
    mine = document(tier="Standard_v2")
    assert steps(value(SETTINGS, "hostName", HOST), base=mine) == ()


@pytest.mark.parametrize("tags", [OWNED, {}], ids=["owned", "free"])
def test_the_cluster_comes_before_the_button_of_the_recommended_option(tags: Any) -> None:
    base = document(top_tags=tags, probes=[probe(timeout=5)])
    made = case(base, by_sni={None: answered(APP, status=404), HOST: answered(APP)})
    trials = try_options(what_if(made, base), diagnose(made, RULES), OPTIONS)
    changing = [it for it in trials if it.proposal and it.proposal.edits]
    assert changing
    for trial in changing:
        facts = option_facts(trial, recommended(trials))
        assert bool(facts.first) is bool(tags)
        assert facts.steps[: len(facts.first)] == facts.first
        assert all("kubectl" in plain(it) or "button" in it for it in facts.first)
