"""All scenarios, in the order in which they are listed.

Each file has the scenarios about one subject, as data: gateways, backends, DNS, and what a diagnosis must conclude.
`shapes` and `common` have what they share. Out: `SCENARIOS`, and one of them by name.
"""

from bot.lab.scenario import Scenario
from bot.lab.scenarios.advanced_routing import ADVANCED_ROUTING
from bot.lab.scenarios.answers import ANSWERS
from bot.lab.scenarios.app_service import APP_SERVICE
from bot.lab.scenarios.badssl import BADSSL
from bot.lab.scenarios.beside_the_probe import BESIDE_THE_PROBE
from bot.lab.scenarios.capacity import CAPACITY
from bot.lab.scenarios.certificates_v1 import CERTIFICATES_V1
from bot.lab.scenarios.chain_codes import CHAIN_CODES
from bot.lab.scenarios.chain_roots import CHAIN_ROOTS
from bot.lab.scenarios.chains_v2 import CHAINS_V2, ROOTS_V2
from bot.lab.scenarios.clients import CLIENTS
from bot.lab.scenarios.combined import COMBINED
from bot.lab.scenarios.compared import COMPARED
from bot.lab.scenarios.configuration import CONFIGURATION
from bot.lab.scenarios.default_probes import DEFAULT_PROBES
from bot.lab.scenarios.dns import DNS, ILB_ASE_EXPIRED, ILB_ASE_PRIVATE_ZONE
from bot.lab.scenarios.handshakes import HANDSHAKES
from bot.lab.scenarios.healthy import HEALTHY_V1, HEALTHY_V2
from bot.lab.scenarios.healthy_routes import HEALTHY_ROUTES
from bot.lab.scenarios.hellos import HELLOS
from bot.lab.scenarios.ilb_ase import ILB_ASE, ILB_ASE_OTHER_CERTIFICATE, ILB_ASE_OUT_OF_REACH
from bot.lab.scenarios.ilb_ase_v2 import ILB_ASE_V2
from bot.lab.scenarios.ilb_ase_v2_root import ILB_ASE_V2_ROOT, ILB_ASE_V2_ROOT_OUT_OF_REACH
from bot.lab.scenarios.interfaces import INTERFACES
from bot.lab.scenarios.international import INTERNATIONAL
from bot.lab.scenarios.listener_certificates import LISTENER_CERTIFICATES
from bot.lab.scenarios.load_distribution import LOAD_DISTRIBUTION
from bot.lab.scenarios.names_v2 import NAMES_V2
from bot.lab.scenarios.network import NETWORK
from bot.lab.scenarios.network_parts import NETWORK_PARTS
from bot.lab.scenarios.own_names import OWN_NAMES
from bot.lab.scenarios.pools import POOLS
from bot.lab.scenarios.ports import PORTS
from bot.lab.scenarios.proxies import PROXIES
from bot.lab.scenarios.remarks import REMARKS
from bot.lab.scenarios.rewrites import REWRITES
from bot.lab.scenarios.told_apart import TOLD_APART
from bot.lab.scenarios.unreadable_roots import UNREADABLE_ROOTS
from bot.lab.scenarios.unrecognised import UNRECOGNISED
from bot.lab.scenarios.unsaid import UNSAID
from bot.lab.scenarios.wordings import WORDINGS

SCENARIOS: tuple[Scenario, ...] = (
    ILB_ASE,
    ILB_ASE_OTHER_CERTIFICATE,
    ILB_ASE_OUT_OF_REACH,
    ILB_ASE_PRIVATE_ZONE,
    ILB_ASE_EXPIRED,
    ILB_ASE_V2,
    ILB_ASE_V2_ROOT,
    ILB_ASE_V2_ROOT_OUT_OF_REACH,
    *CERTIFICATES_V1,
    *ROOTS_V2,
    *CHAINS_V2,
    *CHAIN_CODES,
    *CHAIN_ROOTS,
    *UNREADABLE_ROOTS,
    *BADSSL,
    *NAMES_V2,
    *OWN_NAMES,
    *DEFAULT_PROBES,
    *HANDSHAKES,
    *HELLOS,
    *NETWORK,
    *DNS,
    *PORTS,
    *ANSWERS,
    *APP_SERVICE,
    *CONFIGURATION,
    *POOLS,
    *INTERFACES,
    *COMBINED,
    *REMARKS,
    *LISTENER_CERTIFICATES,
    *NETWORK_PARTS,
    *CAPACITY,
    *UNSAID,
    *CLIENTS,
    *COMPARED,
    *BESIDE_THE_PROBE,
    *TOLD_APART,
    *UNRECOGNISED,
    *WORDINGS,
    *INTERNATIONAL,
    *LOAD_DISTRIBUTION,
    *ADVANCED_ROUTING,
    *REWRITES,
    *PROXIES,
    *HEALTHY_V1,
    *HEALTHY_V2,
    *HEALTHY_ROUTES,
)


def scenario(name: str) -> Scenario:
    """The scenario of this name; KeyError if there is none."""
    return {each.name: each for each in SCENARIOS}[name]
