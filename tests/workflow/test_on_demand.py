"""On v2 the gateway itself tries a new probe before anything is written."""

from pathlib import Path

from bot.core.model.health import BackendHealth
from bot.lab.backends import ANY_HOST, Answer, Route
from bot.lab.scenarios import scenario as named
from tests.workflow.conftest import codes, open_scene


async def test_the_gateway_is_asked_before_it_is_written(tmp_path: Path) -> None:
    async with open_scene(named("ilb-ase-v2"), tmp_path) as scene:
        await scene.healed()
        words = [request.path.rpartition("/")[2].lower() for request in scene.azure.requests]
        methods = [request.method for request in scene.azure.requests]
        assert words.index("getbackendhealthondemand") < methods.index("PUT")


async def test_a_probe_that_fails_for_the_gateway_is_not_written(tmp_path: Path) -> None:
    async with open_scene(named("ilb-ase-v2"), tmp_path) as scene:
        change = await scene.approved()
        # Same certificate as approved, but the site has gone: only the gateway's own trial can tell.
        await scene.backends.at("10.1.5.11", 443).change(
            routes=(Route(ANY_HOST, answer=Answer(503)),)
        )
        ended = await scene.workflow.carry_out(change.id)
        assert (ended.state, scene.puts) == ("refused", 0)
        assert codes(ended) == ["would_be_unhealthy"]


async def test_v1_is_not_asked_what_it_does_not_know(tmp_path: Path) -> None:
    async with open_scene(named("ilb-ase"), tmp_path) as scene:
        await scene.healed()
        asked = [it for it in scene.azure.requests if "ondemand" in it.path.lower()]
        assert asked == []


async def test_a_trial_that_azure_refuses_is_unknown(tmp_path: Path) -> None:
    async with open_scene(named("ilb-ase-v2"), tmp_path) as scene:
        manager = scene.workflow._applier._azure
        health = await manager.health_on_demand(scene.gateway_id, {"protocol": "Https"}, 5)
        assert not isinstance(health, BackendHealth)
