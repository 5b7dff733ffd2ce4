"""The words of this project are the field's: names that stopped readers do not come back, and facts have one place."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.tooling.tree import ROOT

# No module, class, function or method has these names any more; beside each the better one.
OLD: dict[str, str] = {
    "looking": "reported_health",
    "reported": "reported_health",
    "seen_or_doubt": "probe_handshake",
    "unseen": "why_unobserved",
    "making": "edit_builder",
    "other_way": "alternate_endpoint",
    "Way": "AlternateEndpoint",
    "answering_way": "answering_endpoint",
    "other_pool": "misplaced_host",
    "Elsewhere": "HostInOtherPool",
    "at_home_elsewhere": "pool_that_serves",
    "second_look": "follow_up_probes",
    "sending": "gateway_request",
    "Sent": "GatewayRequest",
    "sightings": "observation_index",
    "Sightings": "ObservationIndex",
    "Paper": "WhatIf",
    "OnPaper": "SimulatedHealth",
    "settled": "with_chosen_addresses",
    "standing": "probe_result_at, card_state",
    "Standing": "ProbeResult, CardState",
    "Seen": "Match",
    "Served": "AssumedCertificate",
    "meant": "resolve_alias",
    "opened": "assuming_reachable",
    "resolving": "assuming_dns",
    "Beside": "IlbComparison",
    "beside": "compare_ilb_certificate",
    "distrusted": "reason_not_to_trust",
    "Surroundings": "GatewayNetwork",
    "surroundings": "network",
    "NotRead": "Unavailable",
    "Hop": "UserDefinedRoute",
    "Joined": "NicMembers",
    "evaluation": "rule_order",
    "takers": "rules_matching_host",
    "live": "client_requests",
    "Live": "ClientRequest",
    "out_of_date": "checked_certificates",
    "OutOfDate": "CheckedCertificates",
    "dated": "checked_certificates",
    "earlier_than": "fails_before_reported_stage",
    "large_hello": "large_client_hello",
    "older_tls": "tls12_probe",
    "tls_clues": "tls_error_pages",
    "stored": "certificates_in_use",
    "wording": "plan_text",
    "ingress": "agic",
    "installing": "certificate_steps",
    "Finder": "GatewayLookup",
    "naming": "lookup_result",
    "Several": "Ambiguous",
    "proving": "health_verification",
    "Prover": "HealthVerifier",
    "_settle": "_await_operation",
    "Door": "SocketAddress",
    "ways": "address_resolver",
    "Ways": "AddressResolver",
    "Led": "Resolved",
    "visit": "probe_run",
    "Visit": "ProbeRun",
    "_knock": "_connect",
    "_farewell": "_close_notify",
    "acts": "interactions",
    "Act": "Interaction",
    "asked": "command_model",
    "mood": "current_incident",
    "patience": "deadline",
    "Patience": "Deadline",
    "explained": "explain_failure",
    "told": "translate_sqlite_errors",
    "made": "run_check",
}
# Attributes of one class, where the word itself is a good one elsewhere (`Sample.at` is a moment).
OLD_ATTRIBUTES: dict[str, set[str]] = {
    "Case": {"sent", "meant", "at", "opened", "resolving", "served", "surroundings", "joined"},
    "ObservationIndex": {"at"},
    "Proposal": {"opens", "takes_hello", "starts", "resolves", "served"},
    "Finding": {"seen"},
    "ClientRequest": {"sent"},
    "RouteTable": {"hops"},
    "Checked": {"mend"},
}
OLD_WORDS_ANYWHERE = {"MEND"}


def sources() -> list[Path]:
    return sorted(it for top in ("bot", "handlers") for it in (ROOT / top).rglob("*.py"))


def definitions(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name


def attributes(found: ast.ClassDef) -> Iterator[str]:
    for node in ast.walk(found):
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            yield node.target.id
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.attr


def offences(path: Path, text: str) -> list[str]:
    tree = ast.parse(text)
    names = [path.stem, *(path.parent.name for _ in [0] if path.stem == "__init__")]
    # The lab is a world of its own; what a gateway's client has "seen" there is no rule's match.
    if "lab" not in path.parts:
        names += definitions(tree)
    found = [f"{it}: say {OLD[it]}" for it in names if it in OLD]
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            old = OLD_ATTRIBUTES.get(node.name, set()) & set(attributes(node))
            found += [f"{node.name}.{it}" for it in sorted(old)]
        elif isinstance(node, ast.Constant) and node.value in OLD_WORDS_ANYWHERE:
            found.append(str(node.value))
    return found


def test_no_definition_module_or_attribute_has_an_old_name() -> None:
    found = {
        str(it.relative_to(ROOT)): bad
        for it in sources()
        if (bad := offences(it, it.read_text(encoding="utf-8")))
    }
    assert not found


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("bot/core/sending.py", ""),
        ("bot/core/new.py", "class Surroundings: pass"),
        ("bot/core/new.py", "def seen_or_doubt(): pass"),
        ("bot/core/new.py", "class Case:\n    served: int"),
        ("bot/core/new.py", "class Case:\n    def sent(self): pass"),
        ("bot/cli/new.py", "WORD = 'MEND'"),
    ],
)
def test_an_old_name_is_found(path: str, text: str) -> None:
    assert offences(Path(path), text)


def asks_generation(tree: ast.Module) -> bool:
    """Whether something is compared with "v1" or "v2"; the `version` of an App Service Environment is another thing."""
    return any(
        any(isinstance(it, ast.Constant) and it.value in ("v1", "v2") for it in sides)
        and not any("version" in ast.unparse(it) for it in sides)
        for node in ast.walk(tree)
        if isinstance(node, ast.Compare)
        for sides in [(node.left, *node.comparators)]
    )


def test_what_the_generations_do_differently_is_said_in_one_table() -> None:
    found = [
        str(it.relative_to(ROOT))
        for it in sources()
        # The lab is an independent witness, with a reading of its own.
        if "lab" not in it.parts and asks_generation(ast.parse(it.read_text(encoding="utf-8")))
    ]
    assert not found
    assert asks_generation(ast.parse("if gateway.generation == 'v1': pass"))
