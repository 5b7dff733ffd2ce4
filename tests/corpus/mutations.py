"""Documents of Azure in which something is of another kind than it should be, anywhere.

A place in the document is drawn, and what stands there is replaced, wrapped, dropped or joined by something odd.
"""

import copy
import json
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from bot.core.arm.document import Json
from bot.core.remedies.edit_builder import certificate_text
from bot.lab.scenarios import SCENARIOS
from tests.core import make
from tests.core.make import item, ref

Path_ = tuple[str | int, ...]

_BESIDE = Path(__file__).parents[3] / "shared" / "real"
FOLDER = Path(os.environ.get("RECORDED_GATEWAYS") or _BESIDE / "gateways").parent
"""Recorded answers of the real Azure; they are not part of this project."""

LONE = "\ud83d half a pair"
ODD: tuple[Any, ...] = (
    None,
    True,
    0,
    7,
    -1,
    70_000,
    10**30,
    0.5,
    1e300,
    "",
    "7",
    "odd",
    LONE,
    "a/b",
    "*",
    "\u202e\x07\n",
    [],
    [None],
    ["odd", 7, {}],
    {},
    {"id": 7},
    {"id": "odd"},
    {"name": LONE, "properties": 7},
    {"name": [], "id": {}, "properties": {"port": "x", "hostNames": 7}},
    [[["deep"]]],
)


@cache
def gateways() -> tuple[Json, ...]:
    """Gateways of the lab, and of the real Azure where they are at hand."""
    recorded = [json.loads(it.read_text()) for it in sorted(FOLDER.glob("gateways/*.json"))]
    lab = [it for scenario in SCENARIOS[::6] for it in scenario.gateways]
    return (make.document(), _wide(), *lab, *recorded)


def reports() -> tuple[Json, ...]:
    """Recorded health reports."""
    return tuple(json.loads(it.read_text()) for it in sorted(FOLDER.glob("health/*.json")))


def _wide() -> Json:
    """A gateway of v2 with a part of every collection that is read."""
    both = {
        "backendAddressPool": ref("backendAddressPools", "pool"),
        "backendHttpSettings": ref("backendHttpSettingsCollection", "https"),
    }
    path = {"name": "api", "properties": {"paths": ["/api/*"], **both}}
    default = {f"default{key[0].upper()}{key[1:]}": it for key, it in both.items()}
    names = {"hostNames": ["*.contoso.com", "a.contoso.com"]}
    port = ref("frontendPorts", "p443")
    return make.document(
        tier="WAF_v2",
        top_tags={"owner": "net"},
        urlPathMaps=[item("urlPathMaps", "map", pathRules=[path], **default)],
        httpListeners=[
            item("httpListeners", "site", protocol="Https", frontendPort=port, **names),
            item(
                "httpListeners", "all", protocol="Http", sslCertificate=ref("sslCertificates", "s")
            ),
        ],
        sslCertificates=[item("sslCertificates", "s", publicCertData="odd")],
        trustedRootCertificates=[
            item("trustedRootCertificates", "root", data=certificate_text(make.ROOT))
        ],
        requestRoutingRules=[
            item(
                "requestRoutingRules",
                "rule",
                httpListener=ref("httpListeners", "site"),
                urlPathMap=ref("urlPathMaps", "map"),
                priority=10,
            ),
            item(
                "requestRoutingRules",
                "all",
                httpListener=ref("httpListeners", "all"),
                priority=20,
                loadDistributionPolicy=ref("loadDistributionPolicies", "spread"),
                **both,
            ),
        ],
        autoscaleConfiguration={"minCapacity": 1, "maxCapacity": 3},
    )


def places(document: Any, at: Path_ = ()) -> Iterator[Path_]:
    """Every place in a document, the root excepted."""
    inside = document.items() if isinstance(document, dict) else ()
    entries = enumerate(document) if isinstance(document, list) else ()
    for key, value in (*inside, *entries):
        yield (*at, key)
        yield from places(value, (*at, key))


def at(document: Any, place: Path_) -> Any:
    """What stands at a place."""
    for key in place:
        document = document[key]
    return document


def put(document: Any, place: Path_, value: Any) -> Any:
    """The document with something else at a place."""
    changed = copy.deepcopy(document)
    at(changed, place[:-1])[place[-1]] = value
    return changed


@st.composite
def mutated(draw: st.DrawFn, document: Any, most: int = 4) -> Any:
    """The document, odd in a few places."""
    changed = copy.deepcopy(document)
    for _ in range(draw(st.integers(1, most))):
        every = list(places(changed))
        if not every:
            break
        place = draw(st.sampled_from(every))
        holder, key, old = at(changed, place[:-1]), place[-1], at(changed, place)
        match draw(st.sampled_from(("replace", "replace", "text", "wrap", "drop", "join"))):
            case "replace":
                holder[key] = copy.deepcopy(draw(st.sampled_from(ODD)))
            case "text":
                holder[key] = str(old)
            case "wrap":
                holder[key] = draw(st.sampled_from(([old], {"id": old}, {"properties": old})))
            case "drop":
                del holder[key]
            case "join" if isinstance(old, list):
                old.insert(0, copy.deepcopy(draw(st.sampled_from(ODD))))
            case _:
                holder[key] = [old, old]
    return changed
