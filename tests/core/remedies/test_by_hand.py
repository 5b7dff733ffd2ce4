"""Where no button ends a fault, somebody is told what to do; and nothing is told where one does."""

from dataclasses import replace

import pytest

from bot.core.case.case import Case
from bot.core.case.diagnosis import Diagnosis, diagnose
from bot.core.case.finding import Evidence, Finding, Match
from bot.core.case.guide import Guide, Step
from bot.core.case.rule import Rule
from bot.core.case.view import BackendView
from bot.core.model.marked import ending_command, plain
from bot.core.model.observation import NotConnected
from bot.core.remedies.by_hand import MOST_FINDINGS, OPTION_ID, by_hand
from bot.core.remedies.options import OPTIONS
from bot.core.remedies.relief import NO_RELIEF
from bot.core.remedies.trial import CannotTell, CausesRemoved, Trial
from bot.core.remedies.what_if import recommended, try_options
from bot.core.report.option_facts import option_facts, to_do
from bot.core.rules import RULES
from tests.core.make import APP, SERVER, answered, case, document, incident, what_if
from tests.core.plainly import plainly

REFUSED = NotConnected("refused", SERVER, "connection refused")
OTHERS = tuple(f"10.1.6.{n}" for n in range(1, 10))


def rule(name: str = "a_rule", guide: Guide | None = None) -> Rule:
    return Rule(
        name, "error", "s", "c", f"Mend {name}.", (f"https://x/{name}",), lambda _: (), guide=guide
    )


def guide(title: str = "Do it", *, known: bool = True, who: str = "Ada") -> Guide:
    return Guide(title, lambda _, match: [Step(who, f"mend {match.summary}:", "true")], known)


def found(made: Case, *rules: Rule, at: int = 1) -> Diagnosis:
    """What these rules found on the first backends."""
    findings = tuple(
        Finding(it.id, "error", Match(f"{it.id} {backend.server}", (), backend), it.sources)
        for it in rules
        for backend in made.backends[:at]
    )
    return Diagnosis(findings, ())


def trial(made: Case, *rules: Rule, at: int = 1, best: Trial | None = None) -> Trial:
    told = by_hand(made, found(made, *rules, at=at), rules, best)
    assert told is not None
    return told


def test_the_steps_of_the_rules_guide_and_then_how_the_gateway_sees_it() -> None:
    told = trial(case(), rule(guide=guide()))
    assert plain(told.steps[0]) == f"Ada: mend a_rule {SERVER}: true"
    assert ending_command(told.steps[0])[1] == "true"
    assert "within two probe intervals (60 s): az network application-gateway" in plain(
        told.steps[1]
    )
    assert told.steps[-1].startswith("Diagnose again")
    assert (told.option.id, told.option.title, told.option.automated) == (OPTION_ID, "Do it", False)
    assert told.option.sources == ("https://x/a_rule",)
    assert told.works
    assert not told.automated
    assert isinstance(told.outcome, CausesRemoved)
    assert (
        plain(told.reason)
        == f"Ada can do it by hand. That removes what was found on {SERVER} (pool / https)"
    )
    assert told.because is None


def test_nobody_claims_that_nothing_else_is_wrong() -> None:
    relief = trial(case(), rule(guide=guide())).relief
    assert relief.heals == ()
    assert [it.server for it in relief.cannot_tell] == [SERVER]


def test_several_causes_are_told_one_after_the_other() -> None:
    told = trial(
        case(), rule("one", guide("First")), rule("two", guide("Second", who="Whoever runs it"))
    )
    assert told.option.title == "First, and 1 more"
    assert [it.partition(":")[0] for it in told.steps[:2]] == ["Ada", "Whoever runs it"]
    assert told.effect == "Ada and whoever runs it can do it by hand"


def test_servers_with_the_same_fault_are_told_once() -> None:
    made = case(document(servers=(SERVER, *OTHERS)))
    told = trial(made, rule(guide=guide()), at=10)
    assert [plain(it) for it in told.steps[:2]] == [
        f"Ada: mend a_rule {SERVER}: true",
        f"The same (a_rule) for {', '.join(OTHERS[:6])} and 3 more.",
    ]
    few = trial(made, rule(guide=guide()), at=2)
    assert plain(few.steps[1]) == f"The same (a_rule) for {OTHERS[0]}."


def test_of_very_many_kinds_of_fault_some_are_told_and_the_rest_counted() -> None:
    rules = [rule(f"rule{n}", guide(f"Title {n}")) for n in range(MOST_FINDINGS + 2)]
    told = trial(case(), *rules)
    assert "There are 2 more kinds of fault: diagnose again once these are gone." in told.steps
    assert sum(it.startswith("Ada") for it in told.steps) == MOST_FINDINGS


def test_a_rule_without_a_guide_gives_its_remedy_and_its_commands() -> None:
    made, bare = case(), rule()
    evidence = (Evidence("seen", "curl x"), Evidence("and this"))
    match = Match("wrong", evidence, made.backends[0])
    told = by_hand(made, Diagnosis((Finding("a_rule", "error", match, ()),), ()), [bare], None)
    assert told is not None
    assert told.option.title == "Remove the cause by hand"
    assert told.works
    assert told.steps[0] == "Whoever is in charge of it: Mend a_rule."
    assert ending_command(told.steps[1])[1] == "curl x"


def test_an_unknown_cause_is_not_said_to_be_removed() -> None:
    unknown = rule(guide=guide(known=False))
    told = trial(case(), unknown)
    assert not told.works
    assert isinstance(told.outcome, CannotTell)
    assert told.steps
    assert trial(case(), unknown, rule("known", guide())).works


def test_what_the_best_option_heals_needs_nobody() -> None:
    base, made = incident()
    assert OPTION_ID not in {it.option.id for it in tried(made)}
    best = recommended(try_options(what_if(made, base), diagnose(made, RULES), OPTIONS))
    assert by_hand(made, diagnose(made, RULES), RULES, best) is None
    assert by_hand(made, Diagnosis((), ()), RULES, None) is None


def tried(made: Case) -> tuple[Trial, ...]:
    return try_options(what_if(made, document()), diagnose(made, RULES), OPTIONS)


def test_it_is_recommended_where_nothing_else_works_and_comes_last() -> None:
    trials = tried(case(document(), REFUSED))
    best = recommended(trials)
    assert best is trials[-1]
    assert best.option.id == OPTION_ID
    assert best.option.title == "Start the service on the backend"
    assert "ss -ltnp" in "\n".join(best.steps)


def test_a_part_without_a_backend_has_steps_too() -> None:
    base = document(servers=())
    made = case(base)
    (only,) = try_options(what_if(made, base), diagnose(made, RULES), OPTIONS)
    assert only.works
    assert "address-pool update" in "\n".join(only.steps)
    assert "(60 s)" in only.steps[-2]


def test_as_an_option_of_its_own_it_proposes_nothing() -> None:
    made = case()
    option = trial(made, rule(guide=guide())).option
    view = BackendView(made, made.backends[0])
    assert "made of the findings" in option.propose(view, {}).reason  # type: ignore[union-attr]


@pytest.mark.parametrize("works", [True, False])
def test_what_there_is_to_do(works: bool) -> None:
    told = trial(case(), rule(guide=guide(known=works)))
    facts = option_facts(told, told if works else None)
    assert to_do([facts]) == facts
    kind = facts.outcome.kind if facts.outcome else None
    assert kind == ("causes_removed" if works else "cannot_tell")
    button = replace(facts, id="a_button", recommended=True, automated=True)
    assert to_do([button, replace(facts, recommended=False)]) is None
    assert to_do([replace(facts, recommended=False, id="another")]) is None


def test_a_healthy_gateway_has_nothing_to_do() -> None:
    assert tried(case(document(), answered(APP), state="healthy")) == ()


def test_a_healthy_gateway_has_the_steps_for_what_is_warned_of_and_no_others() -> None:
    warned = replace(rule("warned", guide()), severity="warning")
    silent = replace(rule("silent"), severity="warning")
    findings = [Finding(it.id, "warning", Match(it.id, ()), it.sources) for it in (warned, silent)]
    told = by_hand(case(), Diagnosis(tuple(findings), ()), (warned, silent), None)
    assert told is not None
    assert plainly(told.steps) == ("Ada: mend warned: true",)
    assert told.option.sources == ("https://x/warned",)
    assert told.relief == NO_RELIEF
    assert by_hand(case(), Diagnosis(tuple(findings[1:]), ()), (silent,), None) is None
