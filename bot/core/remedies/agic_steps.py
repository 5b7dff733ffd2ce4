"""A change to a gateway that AGIC owns: what to annotate in the cluster first, and what becomes of a button's change.

AGIC writes the gateway anew from the cluster's Ingress resources, so what is not there does not last. Annotations:
https://learn.microsoft.com/azure/application-gateway/ingress-controller-annotations
"""

from collections.abc import Iterator
from typing import Any

from bot.core.analysis.commands import join
from bot.core.arm.document import Document, is_list, mapping_of
from bot.core.arm.edit import Edit
from bot.core.model.gateway import Gateway
from bot.core.model.marked import mark_command
from bot.core.remedies.code.touched import TouchedEntry, names_of, touched
from bot.core.remedies.edit_builder import PROBES, SETTINGS
from bot.core.routing.agic import agic_marks

PREFIX = "appgw.ingress.kubernetes.io/"
ANNOTATIONS = {
    (SETTINGS, "hostName"): "backend-hostname",
    (SETTINGS, "protocol"): "backend-protocol",
    (SETTINGS, "path"): "backend-path-prefix",
    (SETTINGS, "requestTimeout"): "request-timeout",
    (SETTINGS, "trustedRootCertificates"): "appgw-trusted-root-certificate",
    (PROBES, "host"): "health-probe-hostname",
    (PROBES, "path"): "health-probe-path",
    (PROBES, "port"): "health-probe-port",
    (PROBES, "match"): "health-probe-status-codes",
    (PROBES, "interval"): "health-probe-interval",
    (PROBES, "timeout"): "health-probe-timeout",
    (PROBES, "unhealthyThreshold"): "health-probe-unhealthy-threshold",
}
CLUSTER = "Whoever runs the cluster"


def cluster_first(gateway: Gateway, document: Document, edits: tuple[Edit, ...]) -> tuple[str, ...]:
    """What to do before the button is pressed; nothing where AGIC does not own the gateway.

    Raises:
        Conflict: the edits do not fit the document.
    """
    if not edits or not agic_marks(gateway):
        return ()
    return tuple(_steps(dict(_annotations(touched(edits, document)))))


FIND = "kubectl get ingress -A"
BEHIND = "kubectl get ingress,services,endpointslices -A"


def _steps(annotations: dict[str, str | None]) -> Iterator[str]:
    if annotations:
        words = [f"{key}={value}" if value else f"{key}-" for key, value in annotations.items()]
        command = ("kubectl", "annotate", "ingress", "INGRESS", "-n", "NAMESPACE", "--overwrite")
        yield f"{CLUSTER}: Find the Ingress of the site: {mark_command(FIND)}"
        yield (
            f"{CLUSTER}: Annotate it, and AGIC writes this to the gateway (for every path of that Ingress):"
            f" {mark_command(join(*command, *words))}"
        )
        yield (
            "The button comes second: it writes the same at once, and AGIC takes it back with its next change (of an"
            " Ingress, a service or a pod) unless the annotation is there."
        )
        return
    yield (
        f"{CLUSTER}: AGIC writes this part from the cluster's services and Ingress resources, and no annotation sets"
        f" it: correct it there. What they are: {mark_command(BEHIND)}"
    )
    yield (
        "The button comes second: AGIC takes its change back with its next one (of an Ingress, a service or a pod)."
    )


def _annotations(parts: tuple[TouchedEntry, ...]) -> Iterator[tuple[str, str | None]]:
    """Each annotation with its value; None: it is taken away."""
    for part in parts:
        for field, value in part.values.items():
            key = ANNOTATIONS.get((part.collection, field))
            if key is not None:
                yield f"{PREFIX}{key}", _text(field, value)


def _text(field: str, value: Any) -> str | None:
    if value is None:
        return None
    if field == "match":
        return ",".join(map(str, mapping_of(value).get("statusCodes") or ()))
    if is_list(value):
        return ",".join(names_of(value))
    return str(value).lower() if field == "protocol" else str(value)
