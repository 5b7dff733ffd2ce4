"""What was seen is found by what was asked."""

from hypothesis import given
from hypothesis import strategies as st

from bot.core.model.observation import Attempt, NotTried, Observation
from bot.core.model.observation_index import index_observations

ATTEMPTS = st.builds(
    Attempt,
    server=st.sampled_from(["10.0.0.1", "shop.example"]),
    port=st.sampled_from([80, 443]),
    tls=st.booleans(),
    sni=st.sampled_from([None, "shop.example"]),
    host=st.just("shop.example"),
    path=st.sampled_from([None, "/"]),
)
OBSERVATIONS = st.builds(Observation, ATTEMPTS, st.builds(NotTried, st.text(max_size=3)))


@given(st.lists(OBSERVATIONS))
def test_it_finds_what_a_search_finds_and_in_its_order(observations: list[Observation]) -> None:
    index = index_observations(observations)
    for wanted in observations:
        attempt = wanted.attempt
        assert index.exact[attempt] == next(it for it in observations if it.attempt == attempt)
        place = (attempt.server, attempt.port)
        assert list(index.observations_at(*place)) == [
            it for it in observations if (it.attempt.server, it.attempt.port) == place
        ]
        assert list(index.of(attempt.server)) == [
            it for it in observations if it.attempt.server == attempt.server
        ]


def test_what_nobody_asked_for_is_not_there() -> None:
    assert (
        index_observations(()).observations_at("10.0.0.1", 443)
        == index_observations(()).of("10.0.0.1")
        == ()
    )
