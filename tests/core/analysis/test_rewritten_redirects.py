"""Where a redirect leads once rewrite rules have changed its Location, and what that comes to for clients."""

from typing import Any

from bot.core.analysis.client_outcome import client_outcome
from bot.core.analysis.redirects import location_changed_by, location_for_clients
from bot.core.case.finding import Match
from bot.core.model.marked import plain as in_words
from bot.core.model.observation import Response
from bot.core.routing.rewrite_conditions import Unknown
from bot.core.rules.redirect_leaves_gateway import RULE
from tests.core.asking import matches, quiet
from tests.core.clients import looked_at, plain, view_of
from tests.core.make import HOST
from tests.core.rewriting import header, rewrite, rewritten, when

OWN = "app.internal"
OF_THE_APP = when("http_resp_Location", f"https://{OWN}(.*)$")


def relaying(*conditions: Any, value: str = "https://{var_host}{http_resp_Location_1}") -> Any:
    """The settings send the application's own name, and it redirects there."""
    rule = rewrite("back", *conditions, responseHeaderConfigurations=header("Location", value))
    made = rewritten(rule, hostName=OWN)
    return looked_at(made, plain(lambda it: 200 if it.path == "/health" else MOVED))


MOVED = Response(302, f"https://{OWN}/home", "")


def test_a_corrected_location_leads_no_client_astray() -> None:
    made = relaying(OF_THE_APP)
    assert quiet(RULE, made)
    view = view_of(made)
    assert location_for_clients(view) == f"https://{HOST}/home"
    changed = f"rewrite rule back of set set changes its Location https://{OWN}/home to https://{HOST}/home"
    assert in_words(location_changed_by(view) or "") == changed
    found = client_outcome(view)
    assert (found.word, in_words(found.because)) == ("answered", f"it answers 302 ({changed})")


def test_a_location_that_no_rule_corrects_leads_past_the_gateway() -> None:
    made = relaying(when("http_resp_Location", "https://elsewhere"))
    assert matches(RULE, made)
    assert location_changed_by(view_of(made)) is None


def test_a_rewritten_location_may_itself_be_what_is_wrong() -> None:
    made = relaying(value="https://10.0.0.1/")
    (seen,) = matches(RULE, made)
    assert seen.endswith("302, Location https://10.0.0.1/.")
    (found,) = RULE.check(made)
    assert isinstance(found, Match)
    assert "rewrite rule back of set set changes its Location" in in_words(found.evidence[2].text)


def test_a_location_that_depends_on_the_client_is_not_known() -> None:
    made = relaying(OF_THE_APP, when("http_req_X-Beta", "1"))
    view = view_of(made)
    assert isinstance(location_for_clients(view), Unknown)
    found = client_outcome(view)
    assert (found.word, found.served, found.status) == ("not_tried", None, 302)
    assert in_words(found.because).startswith(
        "it answers 302, and where that redirects to is not known: whether the request header X-Beta matches 1"
    )
    assert quiet(RULE, made)


def test_a_location_made_of_what_nobody_knows_says_so() -> None:
    view = view_of(relaying(value="https://{var_client_ip}/"))
    assert "to the server variable client_ip" in in_words(location_changed_by(view) or "")


def test_a_location_that_was_taken_away_leads_nowhere() -> None:
    view = view_of(relaying(value=""))
    assert location_for_clients(view) is None
    assert client_outcome(view).word == "answered"


def test_two_rules_are_named_together() -> None:
    rules = [
        rewrite(name, responseHeaderConfigurations=header("Location", value))
        for name, value in (("one", "/a"), ("two", "/b"))
    ]
    made = looked_at(rewritten(*rules), plain(lambda it: MOVED))
    told = in_words(location_changed_by(view_of(made)) or "")
    assert told == f"rewrite rules one, two of set set change its Location https://{OWN}/home to /b"


def test_the_health_probe_is_not_rewritten() -> None:
    made = relaying(OF_THE_APP)
    probe = view_of(made, "/health").of_probe
    assert (location_for_clients(probe), location_changed_by(probe)) == (None, None)
