"""Which resolver the bot asks for backends' names, and whether it answers."""

from bot.cli.checked import Checked, fix, ok
from bot.core.model.observation import Lookup, NotTried, Question, Unresolved
from bot.settings import Settings
from bot.workflow.ports import Prober

KNOWN = "management.azure.com"
"""A name to ask for. Whether it is known does not matter, only that there is an answer."""

WITHIN = 5.0
"""Seconds for all servers together."""


async def check_dns(settings: Settings, prober: Prober) -> Checked:
    """Every server that is named has to answer: one that is silent costs each diagnosis its time-out."""
    servers = settings.dns_servers
    if not servers:
        return ok("This machine's resolver is asked for backends' names.")
    questions = [Question(KNOWN, ip, port) for ip, port in servers]
    wrong = [text for it in await prober.look_up(questions, WITHIN) if (text := _no_answer(it))]
    if wrong:
        return fix(
            f"{'; '.join(wrong)}.", "Check AGW_DNS_SERVERS, and the way from here to port 53."
        )
    return ok(f"{', '.join(map(_shown, questions))} will be asked for backends' names.")


def _no_answer(lookup: Lookup) -> str | None:
    """In words, that this server gave no answer."""
    match lookup.answer:
        case NotTried(reason):
            return reason
        case Unresolved(reason=reason) as unresolved if not unresolved.is_answer:
            return f"{_shown(lookup.question)} gives no answer ({reason})"
    return None


def _shown(question: Question) -> str:
    host = f"[{question.server}]" if ":" in question.server else question.server
    return f"{host}:{question.port}"
