"""ARM's JSON of an application gateway -> `Gateway`.

Read defensively: real answers hold bare strings where objects are documented, ids in any case, certificates
that are no certificates. A part that cannot be read becomes a note, never an error.
"""

from bot.core.arm.advanced_routing_reader import read_advanced_maps
from bot.core.arm.backend_reader import read_http_settings, read_pools, read_probes
from bot.core.arm.certificates_reader import (
    AUTHENTICATION,
    TRUSTED_ROOTS,
    Certificates,
    gateway_entry,
    key_vault_certificates,
    read_listener_certificates,
    read_stored_certificates,
)
from bot.core.arm.distribution_reader import read_policies
from bot.core.arm.document import Document, mapping_of, text_of
from bot.core.arm.entry import Entry
from bot.core.arm.load_reader import read_scale
from bot.core.arm.proxy_reader import (
    read_proxy_listeners,
    read_proxy_rules,
    read_proxy_settings,
)
from bot.core.arm.rewrites_reader import read_rewrite_sets
from bot.core.arm.routing_reader import (
    read_listeners,
    read_path_maps,
    read_redirects,
    read_rules,
)
from bot.core.arm.unfollowed import with_unfollowed
from bot.core.model.gateway import Gateway
from bot.core.model.generation import generation_of

_PARTS_OF_AN_ID = 8


def gateway_id_in(document: object) -> str | None:
    """The id of the gateway whose document this is; None if it is not one of a gateway."""
    found = text_of(mapping_of(document).get("id")) or ""
    return found if len(found.strip("/").split("/")) >= _PARTS_OF_AN_ID else None


def read_gateway(document: Document, certificates: Certificates) -> Gateway:
    """The typed view of one ARM document; what of it could not be read is in its `notes`.

    Raises:
        ValueError: the document has no resource id, so it is not a gateway at all.
    """
    gateway_id = gateway_id_in(document)
    if gateway_id is None:
        said = document.get("id")
        raise ValueError(f"not the document of an application gateway: id {said!r}")
    parts = gateway_id.strip("/").split("/")
    root = gateway_entry(document)
    properties = root.properties
    sku = properties.entry("sku")
    tier = sku.text("tier") or sku.text("name") or "unknown"
    ports = {it.id: it.properties.port("port") for it in properties.entries("frontendPorts")}
    read = Gateway(
        id=gateway_id,
        name=parts[7],
        resource_group=parts[3],
        subscription=parts[1],
        location=root.text("location") or "",
        tier=tier,
        generation=generation_of(tier),
        operational_state=properties.text("operationalState") or "Unknown",
        provisioning_state=properties.text("provisioningState") or "Unknown",
        etag=root.text("etag") or "",
        tags=_tags(root.entry("tags")),
        subnets=tuple(
            found
            for item in properties.entries("gatewayIPConfigurations")
            if (found := item.properties.reference("subnet"))
        ),
        pools=read_pools(properties),
        http_settings=read_http_settings(properties),
        probes=read_probes(properties),
        listeners=read_listeners(properties, ports),
        rules=read_rules(properties),
        path_maps=(*read_path_maps(properties), *read_advanced_maps(properties)),
        authentication_certificates=read_stored_certificates(
            properties, AUTHENTICATION, certificates
        ),
        trusted_roots=read_stored_certificates(properties, TRUSTED_ROOTS, certificates),
        listener_certificates=read_listener_certificates(properties, certificates),
        scale=read_scale(properties),
        policies=read_policies(properties),
        proxy_listeners=read_proxy_listeners(properties, ports),
        proxy_settings=read_proxy_settings(properties),
        proxy_rules=read_proxy_rules(properties),
        key_vault_certificates=key_vault_certificates(properties),
        has_identity=_has_identity(root),
        rewrite_sets=read_rewrite_sets(properties),
        redirects=read_redirects(properties),
    )
    return with_unfollowed(read, properties)


def _has_identity(root: Entry) -> bool:
    """Whether it has a user-assigned managed identity: gateways know no other (key-vault-certs)."""
    identity = root.entry("identity")
    kind = (identity.text("type") or "").lower()
    listed = bool(identity.entry("userAssignedIdentities").found)
    # Of what cannot be read it is not said that there is none.
    return listed or "userassigned" in kind or root.notes.within("identity")


def _tags(found: Entry) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((key, value) for key in found.found if (value := found.text(key))))
