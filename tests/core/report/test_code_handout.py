"""The handout: every option as code in one file of Markdown."""

from dataclasses import replace

from bot.core.case.diagnosis import diagnose
from bot.core.model.marked import plain
from bot.core.remedies.options import OPTIONS
from bot.core.remedies.what_if import try_options
from bot.core.report.code_handout import handout, with_code
from bot.core.report.report import Report
from bot.core.report.reporting import make_report
from bot.core.rules import RULES
from tests.core.make import NOW, incident, what_if


def report() -> Report:
    base, made = incident()
    diagnosis = diagnose(made, RULES)
    trials = try_options(what_if(made, base), diagnosis, OPTIONS)
    return make_report(made, diagnosis, trials, RULES, NOW)


def test_the_recommended_one_comes_first_and_each_has_its_code_in_fences() -> None:
    made = report()
    told = with_code(made)
    assert told[0].id == made.recommended
    lines = handout(made, told).splitlines()
    assert lines[0] == "# agw: the options as code"
    assert lines[2] == f"## {told[0].title} ({told[0].id}): recommended"
    assert lines[4] == plain(told[0].reason)
    for language, fence in (("Azure CLI", "sh"), ("Terraform", "hcl"), ("Bicep", "bicep")):
        at = lines.index(language)
        assert lines[at + 2] == f"```{fence}"
    assert lines.count("```") == sum(len(it.as_code) for it in told)


def test_a_chapter_says_whether_its_option_would_do() -> None:
    made = report()
    first, *_ = with_code(made)
    working = replace(first, id="w", recommended=False, works=True)
    weak = replace(first, id="n", recommended=False, works=False)
    bare = replace(first, id="b", as_code=())
    several = replace(made, options=(weak, bare, working, first))
    assert with_code(several) == (first, working, weak)
    heads = [it for it in handout(made, with_code(several)).splitlines() if it.startswith("## ")]
    ends = [it.rpartition(": ")[2] for it in heads]
    assert ends == ["recommended", "works", "not enough here"]
