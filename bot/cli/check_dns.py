"""Which DNS servers resolve the backends' names, and whether they answer."""

from bot.cli.checked import Checked, fix, ok
from bot.core.model.observation import Lookup, NotTried, Question, Unresolved
from bot.settings import Settings
from bot.workflow.ports import Prober

KNOWN = "management.azure.com"
"""A name to query. Whether it exists does not matter, only that there is an answer."""

WITHIN = 5.0
"""Seconds for all servers together."""


async def check_dns(settings: Settings, prober: Prober) -> Checked:
    """Every configured server has to answer: a silent one costs each diagnosis its timeout."""
    servers = settings.dns_servers
    if not servers:
        return ok("backends' names are looked up with this machine's resolver.")
    questions = [Question(KNOWN, ip, port) for ip, port in servers]
    wrong = [text for it in await prober.look_up(questions, WITHIN) if (text := _no_answer(it))]
    if wrong:
        return fix(f"{'; '.join(wrong)}.", "Check AGW_DNS_SERVERS and the network path to port 53.")
    return ok(f"{', '.join(map(_shown, questions))} answered; backends' names are looked up there.")


def _no_answer(lookup: Lookup) -> str | None:
    """Why this server gave no answer; None if it did."""
    match lookup.answer:
        case NotTried(reason):
            return reason
        case Unresolved(reason=reason) as unresolved if not unresolved.is_answer:
            return f"{_shown(lookup.question)} does not answer ({reason})"
    return None


def _shown(question: Question) -> str:
    host = f"[{question.server}]" if ":" in question.server else question.server
    return f"{host}:{question.port}"
