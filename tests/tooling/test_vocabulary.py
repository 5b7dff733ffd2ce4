"""The words of this project are the field's: names that stopped readers do not come back, and facts have one place."""

import ast
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest

from tests.tooling.tree import ROOT

# No module, package, class, function, method or attribute has these names any more; beside each the better one.
OLD: dict[str, str] = {
    "looking": "reported_health",
    "reported": "reported_health",
    "seen_or_doubt": "probe_handshake",
    "unseen": "why_unobserved",
    "making": "edit_builder",
    "allow": "trust_certificate",
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
# Words of that table which are good names of a field: what was told, asked or made, and a rule that allows.
GOOD_ATTRIBUTES = {"allow", "asked", "made", "meant", "stored", "told"}
# Modules whose name is a good one in another folder.
OLD_MODULES = {
    "bot/workflow/finding.py": "bot/workflow/gateway_lookup.py",
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


@cache
def sources() -> dict[str, ast.Module]:
    """Every module by its path, parsed once."""
    return {
        str(it.relative_to(ROOT)): ast.parse(it.read_text(encoding="utf-8"))
        for top in ("bot", "handlers")
        for it in sorted((ROOT / top).rglob("*.py"))
    }


def definitions(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name


def attributes(found: ast.ClassDef) -> Iterator[str]:
    for node in found.body:
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            yield node.target.id
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name
    for inner in ast.walk(found):
        if isinstance(inner, ast.Attribute) and isinstance(inner.ctx, ast.Store):
            yield inner.attr


def offences(path: Path, tree: ast.Module) -> list[str]:
    names = [path.stem, *(path.parent.name for _ in [0] if path.stem == "__init__")]
    found = [f"{it}: say {OLD[it]}" for it in (*names, *definitions(tree)) if it in OLD]
    found += [f"{path}: say {OLD_MODULES[str(path)]}" for _ in [0] if str(path) in OLD_MODULES]
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            old = OLD_ATTRIBUTES.get(node.name, set()) | (OLD.keys() - GOOD_ATTRIBUTES)
            found += [f"{node.name}.{it}" for it in sorted(old & set(attributes(node)))]
        elif isinstance(node, ast.Constant) and node.value in OLD_WORDS_ANYWHERE:
            found.append(str(node.value))
    return found


def test_no_definition_module_or_attribute_has_an_old_name() -> None:
    found = {path: bad for path, it in sources().items() if (bad := offences(Path(path), it))}
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
        ("bot/core/sightings/__init__.py", ""),
        ("bot/workflow/finding.py", ""),
        ("bot/lab/new.py", "def told(): pass"),
        ("handlers/new.py", "class Card:\n    standing: str"),
        ("handlers/new.py", "class Card:\n    def __init__(self):\n        self.surroundings = 1"),
    ],
)
def test_an_old_name_is_found(path: str, text: str) -> None:
    assert offences(Path(path), ast.parse(text))


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("bot/core/case/finding.py", "class Finding: pass"),
        ("bot/core/model/load.py", "class Sample:\n    at: int"),
        ("bot/core/model/network.py", "class SecurityRule:\n    allow: bool"),
        (
            "bot/core/report/report.py",
            "class BackendFacts:\n    stored: int\n    def f(self): made: int = 1",
        ),
    ],
)
def test_a_good_word_in_its_place_is_not(path: str, text: str) -> None:
    assert not offences(Path(path), ast.parse(text))


# Names that several modules define for whoever takes any of them: a rule's, an option's, a language's.
SHARED = {"check", "propose", "quoted", "text"}


def public(tree: ast.Module) -> Iterator[str]:
    """Classes, functions and kinds of values that other modules may import."""
    for node in tree.body:
        match node:
            case ast.ClassDef(name) | ast.FunctionDef(name) | ast.AsyncFunctionDef(name):
                pass
            case ast.Assign(targets=[ast.Name(name)]) if not name.isupper():
                pass
            case _:
                continue
        if not name.startswith("_") and name not in {"T", "log"}:
            yield name


def homonyms(trees: Mapping[str, ast.Module]) -> dict[str, list[str]]:
    """Public names that mean one thing in one file and another in the next."""
    found: dict[str, list[str]] = {}
    for path, tree in trees.items():
        for name in public(tree):
            found.setdefault(name, []).append(path)
    return {name: paths for name, paths in found.items() if len(paths) > 1 and name not in SHARED}


def test_one_word_means_one_thing() -> None:
    """In the core and in Slack's side, which the same readers read one after the other."""
    trees = {
        path: tree
        for path, tree in sources().items()
        if path.startswith(("bot/core/", "handlers/"))
    }
    assert len(trees) > 200
    assert homonyms(trees) == {}


def test_a_homonym_is_found() -> None:
    texts = {"one": "class State: pass", "two": "State = str\nMOST = 1", "three": "MOST = 2"}
    found = homonyms({path: ast.parse(text) for path, text in texts.items()})
    assert found == {"State": ["one", "two"]}


# Where the versions of App Service Environments, v2 and v3, are told apart.
ENVIRONMENTS = {
    "bot/azure/environments.py",
    "bot/core/arm/environment_reader.py",
    "bot/core/model/app_service_environment.py",
}
TABLE = "bot/core/model/generation.py"


def generation_asked(path: str, tree: ast.Module) -> list[str]:
    """Whatever compares a generation, or chooses by its name."""
    names = {"v1"} if path in ENVIRONMENTS else {"v1", "v2"}
    return [
        ast.unparse(node)
        for node in ast.walk(tree)
        for asked in [_asked(node)]
        if any(
            (isinstance(it, ast.Constant) and it.value in names)
            or (isinstance(it, ast.Attribute) and it.attr == "generation")
            or (isinstance(it, ast.Name) and it.id == "generation")
            for it in asked
        )
    ]


def _asked(node: ast.AST) -> Iterator[ast.AST]:
    match node:
        case ast.Compare(left=left, comparators=right):
            for side in (left, *right):
                yield from ast.walk(side)
        case ast.Dict(keys=keys):
            yield from filter(None, keys)
        case ast.Match(subject=subject):
            yield subject
        case ast.MatchValue(value=value):
            yield value
        case ast.Subscript(slice=ast.Constant() as key):
            yield key


def test_what_the_generations_do_differently_is_said_in_one_table() -> None:
    # The lab is an independent witness, with a reading of its own.
    trees = {path: it for path, it in sources().items() if not path.startswith("bot/lab/")}
    assert generation_asked(TABLE, trees.pop(TABLE))
    assert {path: bad for path, it in trees.items() if (bad := generation_asked(path, it))} == {}


@pytest.mark.parametrize(
    "text",
    [
        "if gateway.generation == 'v1': pass",
        "x = 'v2' != generation",
        "x = gateway.generation in ('v1',)",
        "PORTS = {'v1': 1, 'v2': 2}",
        "x = TRAITS['v1']",
        "match generation:\n    case 'v2': pass",
        "x = report.gateway.generation == KNOWN",
    ],
)
def test_a_question_for_the_generation_is_found(text: str) -> None:
    assert generation_asked("bot/core/new.py", ast.parse(text))


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("bot/core/new.py", "x = TRAITS[generation]"),
        ("bot/core/new.py", "x = f'{gateway.generation}: a v1 gateway'"),
        ("bot/azure/environments.py", "x = version(it) == 'v2'"),
    ],
)
def test_what_only_shows_it_is_not(path: str, text: str) -> None:
    assert not generation_asked(path, ast.parse(text))
