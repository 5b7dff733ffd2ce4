from bot.core.case.finding import Match
from bot.core.model.health import HealthNotKnown
from bot.core.model.marked import plain
from bot.core.model.observation import Answered, NoResponse, NotConnected
from bot.core.rules.port_silent import RULE
from tests.core.asking import doubts, quiet
from tests.core.make import APP, NOT_ALLOW_LISTED, SERVER, answered, case, handshake

SILENT = NotConnected("timeout", SERVER, "no answer in 5 s")
REFUSED = NotConnected("refused", SERVER, "connection refused")
MESSAGE = (
    "Cannot connect to server. Check whether any NSG/UDR/Firewall is blocking access to server."
)


def test_matches_when_the_gateway_cannot_connect() -> None:
    (seen,) = RULE.check(case(None, SILENT, message=MESSAGE))
    assert isinstance(seen, Match)
    assert seen.confidence == "high"
    assert plain(seen.summary) == "The gateway cannot connect to 10.1.5.11 port 443."


def test_is_less_sure_when_we_get_through_ourselves() -> None:
    (seen,) = RULE.check(case(None, answered(APP), message=MESSAGE))
    assert isinstance(seen, Match)
    assert seen.confidence == "medium"


def test_matches_a_time_out_where_we_cannot_connect_either() -> None:
    late = "Time taken by the backend to respond to application gateway's health probe is more than"
    assert list(RULE.check(case(None, SILENT, message=late)))
    assert quiet(RULE, case(None, answered(APP), message=late))


def test_is_quiet_when_refused_or_when_the_gateway_gets_through() -> None:
    assert quiet(RULE, case(None, REFUSED, message=MESSAGE))
    assert quiet(RULE, case(None, SILENT, message=NOT_ALLOW_LISTED))
    assert quiet(RULE, case(None, SILENT, state="healthy"))


def test_is_undecided_when_only_we_cannot_get_through() -> None:
    made = case(None, SILENT, health=HealthNotKnown("no permission"))
    assert "cannot be reached from here" in doubts(RULE, made)[0]


def test_is_quiet_where_the_connection_stands_and_its_answer_breaks_off() -> None:
    cut = Answered(SERVER, handshake(APP), NoResponse("closed", "it hung up"))
    assert quiet(RULE, case(None, cut, message=MESSAGE))
