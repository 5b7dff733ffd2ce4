"""Every fault that a random world may have, a file for each kind."""

from tests.random_worlds.faults import (
    answers,
    callers,
    chains,
    clients,
    gateway,
    network,
    remarks,
    rewrites,
    tls,
    ways,
)
from tests.random_worlds.faults.registry import FAULTS, Fault

__all__ = [
    "FAULTS",
    "Fault",
    "answers",
    "callers",
    "chains",
    "clients",
    "gateway",
    "network",
    "remarks",
    "rewrites",
    "tls",
    "ways",
]
