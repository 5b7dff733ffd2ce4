"""The manifest for Kubernetes, by its published schemas."""

from typing import Any

import kubernetes_validate  # type: ignore[import-untyped]
import pytest
import yaml

from tests.deploy.facts import DEPLOY, is_answered, is_known

TEXT = (DEPLOY / "kubernetes" / "agw.yaml").read_text()
DOCUMENTS: list[dict[str, Any]] = list(yaml.safe_load_all(TEXT))
VERSIONS = ("1.28", "1.33")


def one(kind: str) -> dict[str, Any]:
    (found,) = (it for it in DOCUMENTS if it["kind"] == kind)
    return found


def container() -> dict[str, Any]:
    (found,) = one("Deployment")["spec"]["template"]["spec"]["containers"]
    return dict(found)


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda it: str(it["kind"]))
def test_the_schema_allows_it_and_nothing_unknown_is_in_it(
    document: dict[str, Any], version: str
) -> None:
    assert kubernetes_validate.validate(document, version, strict=True) == version


def test_a_mistake_would_be_seen() -> None:
    worse = {**one("Deployment"), "spec": {**one("Deployment")["spec"], "replica": 1}}
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(worse, VERSIONS[-1], strict=True)


def test_its_settings_exist() -> None:
    assert all(map(is_known, one("ConfigMap")["data"]))


def test_its_probes_ask_what_the_bot_answers() -> None:
    probes = [container()[it]["httpGet"] for it in ("livenessProbe", "readinessProbe")]
    assert all(is_answered(it["path"]) for it in probes)
    ports = {it["name"] for it in container()["ports"]}
    assert {it["port"] for it in probes} == ports


def test_prometheus_is_told_where_to_ask() -> None:
    told = one("Deployment")["spec"]["template"]["metadata"]["annotations"]
    assert is_answered(told["prometheus.io/path"])
    assert [int(told["prometheus.io/port"])] == [it["containerPort"] for it in container()["ports"]]


def test_everything_that_is_named_is_there() -> None:
    spec = one("Deployment")["spec"]["template"]["spec"]
    volumes = {it["name"] for it in spec["volumes"]}
    assert {it["name"] for it in container()["volumeMounts"]} == volumes
    claims = {
        it["persistentVolumeClaim"]["claimName"]
        for it in spec["volumes"]
        if len(it) == 2 and "persistentVolumeClaim" in it
    }
    assert claims == {one("PersistentVolumeClaim")["metadata"]["name"]}
    assert spec["serviceAccountName"] == one("ServiceAccount")["metadata"]["name"]
    named = [it["configMapRef"]["name"] for it in container()["envFrom"] if "configMapRef" in it]
    assert named == [one("ConfigMap")["metadata"]["name"]]


def test_nothing_may_be_written_but_the_volumes() -> None:
    assert container()["securityContext"]["readOnlyRootFilesystem"] is True
    assert one("Deployment")["spec"]["template"]["spec"]["securityContext"]["runAsNonRoot"] is True
