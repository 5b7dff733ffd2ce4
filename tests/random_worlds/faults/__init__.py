"""Every fault that a random world may have, a file for each kind."""

from tests.random_worlds.faults import answers, clients, gateway, network, remarks, rewrites, tls
from tests.random_worlds.faults.registry import FAULTS, Fault

__all__ = [
    "FAULTS",
    "Fault",
    "answers",
    "clients",
    "gateway",
    "network",
    "remarks",
    "rewrites",
    "tls",
]
