"""All scenarios, in the order in which they are listed."""

from bot.lab.scenario import Scenario
from bot.lab.scenarios.healthy import HEALTHY_V1, HEALTHY_V2
from bot.lab.scenarios.healthy_routes import HEALTHY_ROUTES
from bot.lab.scenarios.ilb_ase import ILB_ASE
from bot.lab.scenarios.ilb_ase_v2 import ILB_ASE_V2
from bot.lab.scenarios.ilb_ase_v2_root import ILB_ASE_V2_ROOT

SCENARIOS: tuple[Scenario, ...] = (
    ILB_ASE,
    ILB_ASE_V2,
    ILB_ASE_V2_ROOT,
    *HEALTHY_V1,
    *HEALTHY_V2,
    *HEALTHY_ROUTES,
)


def scenario(name: str) -> Scenario:
    """The scenario of this name; KeyError if there is none."""
    return {each.name: each for each in SCENARIOS}[name]
