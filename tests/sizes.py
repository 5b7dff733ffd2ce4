"""How many examples a property test looks at: few in `make test`, which runs often, many in `make test-deep`.

Hypothesis takes new ones in every run, so many small runs see what a large one does; but in CI, where it takes
the same each time.
"""

from hypothesis import HealthCheck, Phase, settings

_USUAL = 100
_DEEP = 20

# Not `explain`: it traces every line of what failed, for minutes where that is a gateway's worth of rules.
_PHASES = (Phase.explicit, Phase.reuse, Phase.generate, Phase.target, Phase.shrink)


def register() -> None:
    """Make the profiles `usual`, in force from now on, and `deep`, for `--hypothesis-profile`."""
    # A busy machine is no fault of what is tested.
    patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], phases=_PHASES)
    settings.register_profile("usual", patient, max_examples=_USUAL)
    settings.register_profile("deep", patient, max_examples=_USUAL * _DEEP)
    settings.load_profile("usual")


def examples(usually: int, *tolerated: HealthCheck) -> settings:
    """So many in `make test`, and more in proportion in `make test-deep`."""
    factor = settings().max_examples / _USUAL
    allowed = (HealthCheck.too_slow, *tolerated)
    return settings(max_examples=int(usually * factor), suppress_health_check=allowed)
