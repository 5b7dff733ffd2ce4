"""Schema 1 of `agw diagnose --json`, as promised to whoever scripts against it. More keys are allowed."""

from typing import Any

from jsonschema import Draft202012Validator

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
FILLED: Schema = {"type": "string", "minLength": 1}
MAYBE: Schema = {"type": ["string", "null"]}
FLAG: Schema = {"type": "boolean"}
TEXTS: Schema = {"type": "array", "items": TEXT}
MOMENT: Schema = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d"}


def one_of(*words: str | None) -> Schema:
    return {"enum": list(words)}


def record(**fields: Schema) -> Schema:
    return {"type": "object", "required": list(fields), "properties": fields}


def several(item: Schema, **more: Any) -> Schema:
    return {"type": "array", "items": item, **more}


CERTIFICATE = record(
    subject=TEXT,
    issuer=TEXT,
    sha256={"type": "string", "pattern": "^[0-9a-f]{64}$"},
    not_before=MOMENT,
    not_after=MOMENT,
    dns_names=TEXTS,
    is_ca=FLAG,
)
HANDSHAKE = record(sni=MAYBE, ok=FLAG, error=MAYBE, tls=MAYBE, chain=several(CERTIFICATE))
BACKEND = record(
    pool=FILLED,
    http_settings=FILLED,
    server=FILLED,
    port={"type": "integer", "minimum": 1, "maximum": 65535},
    protocol=one_of("http", "https"),
    transport=one_of("tls", "tcp", None),
    listeners=TEXTS,
    health=one_of("healthy", "unhealthy", "partial", "draining", "unknown"),
    health_message=MAYBE,
    probe=record(sni=MAYBE, host=TEXT, path=TEXT),
    handshakes=several(HANDSHAKE),
    http={"anyOf": [{"type": "null"}, record(status={"type": "integer"})]},
    not_tried=MAYBE,
)
FINDING = record(
    rule={"type": "string", "pattern": "^[a-z][a-z0-9_]+$"},
    severity=one_of("error", "warning", "info"),
    confidence=one_of("high", "medium", "low"),
    http_settings=MAYBE,
    server=MAYBE,
    summary=FILLED,
    evidence=TEXTS,
    sources=several({"type": "string", "pattern": "^https://"}, minItems=1),
)
OPTION = record(
    id={"type": "string", "pattern": "^[a-z][a-z0-9_]+$"},
    recommended=FLAG,
    works=FLAG,
    automated=FLAG,
    reason=FILLED,
    effect=MAYBE,
    outcome=record(
        kind=one_of(
            "no_fault_left",
            "causes_removed",
            "faults_left",
            "new_faults",
            "cannot_tell",
            "not_applicable",
        ),
        backends=TEXTS,
        rules=TEXTS,
    ),
    because=MAYBE,
)
GATEWAY = record(
    id={"type": "string", "pattern": "^/subscriptions/"},
    name=FILLED,
    resource_group=FILLED,
    subscription=FILLED,
    location=TEXT,
    tier=TEXT,
    generation=one_of("v1", "v2"),
    operational_state=TEXT,
    provisioning_state=TEXT,
    etag=TEXT,
)
LOAD = record(
    metric=one_of("CapacityUnits", "CpuUtilization"),
    since=MOMENT,
    until=MOMENT,
    peak={"type": "number", "minimum": 0},
    peak_at=MOMENT,
    ceiling={"type": ["number", "null"]},
)
COUNT: Schema = {"type": "integer", "minimum": 0}
LOOKED_AT = record(
    asked=COUNT,
    of=COUNT,
    answered=COUNT,
    reported_healthy=record(not_asked=COUNT, not_answered=COUNT),
    client_requests=record(tried=COUNT, of=COUNT),
)
REPORT = record(
    schema={"const": 1},
    gateway=GATEWAY,
    verdict=one_of("healthy", "fault", "undecided"),
    backends=several(BACKEND),
    looked_at=LOOKED_AT,
    findings=several(FINDING),
    load={"anyOf": [{"type": "null"}, LOAD]},
    load_not_read=MAYBE,
    options=several(OPTION),
    recommended=MAYBE,
    undecided=several(record(rule=FILLED, because=FILLED)),
)
ERROR = record(schema={"const": 1}, error=record(code=FILLED, message=FILLED, hint=TEXT))


def check(document: Any) -> None:
    """Raise unless it is a report of schema 1 whose parts agree with each other."""
    Draft202012Validator(REPORT).validate(document)
    recommended = [it["id"] for it in document["options"] if it["recommended"]]
    assert recommended == [document["recommended"]] * bool(document["recommended"])
    faults = [it for it in document["findings"] if it["severity"] == "error"]
    assert (document["verdict"] == "fault") == bool(faults)
    assert (document["load"] is None) == (document["load_not_read"] is not None)
    looked = document["looked_at"]
    assert looked["answered"] <= looked["asked"] <= looked["of"] <= len(document["backends"])
    for backend in document["backends"]:
        for handshake in backend["handshakes"]:
            assert handshake["ok"] == (handshake["error"] is None)


def check_error(document: Any) -> None:
    """Raise unless it is the error of schema 1."""
    Draft202012Validator(ERROR).validate(document)
