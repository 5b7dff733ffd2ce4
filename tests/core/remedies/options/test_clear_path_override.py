"""The path that clients ask for is passed on, where the server was seen to have it."""

from typing import Any

from bot.core.case.case import Case
from bot.core.remedies.option import NotApplicable
from bot.core.remedies.options.clear_path_override import OPTION
from tests.core.clients import also_on_paper, http, looked_at, plain, view_of
from tests.core.plainly import plainly
from tests.core.remedies.options.trying import best, carried_out, refused, trials

MOVED = http(path="/gone/")


def seen(*known: str, base: Any = MOVED) -> Case:
    """What the server has of the pages that clients ask for."""
    page = plain(lambda it: 200 if it.path in known else 404)
    return also_on_paper(looked_at(base, page), base, page)


def test_the_override_is_cleared_and_put_back() -> None:
    made = seen("/", "/health")
    assert best(made, MOVED) == "clear_path_override"
    plan, changed = carried_out("clear_path_override", made, MOVED)
    assert changed["backendHttpSettingsCollection"][0]["properties"].get("path") is None
    (line,) = plan.lines
    assert (line.before, line.after) == ("/gone/", "not set")
    found = plainly(trials(made, MOVED)["clear_path_override"].proposal)
    assert found
    assert found.summary == "let https pass on the path that clients ask for instead of /gone/"


def test_the_change_is_told_as_code() -> None:
    texts = dict(trials(seen("/", "/health"), MOVED)["clear_path_override"].as_code)
    assert "http-settings update" in texts["Azure CLI"]
    assert "--path" in texts["Azure CLI"]


def test_is_only_for_an_override_that_was_seen_to_be_wrong() -> None:
    plain_settings = http()
    assert "does not override the path" in refused(
        OPTION, seen("/health", base=plain_settings), plain_settings
    )
    for known in (("/gone/", "/gone/health", "/health"), ("/health-of-others",)):
        made = seen(*known)
        for path in ("/", "/health"):
            found = plainly(OPTION.propose(view_of(made, path), MOVED))
            assert isinstance(found, NotApplicable)
            assert found.reason == (
                "no request was seen that is answered without the path override"
            )
