"""`agw check`: is everything set up? One line per check, with the fix; one failure does not stop the others."""

import argparse
from collections.abc import AsyncIterator, Mapping

from bot.cli.check_azure import AzureChecks
from bot.cli.check_database import check_audit_log, check_database, check_syslog
from bot.cli.check_dns import check_dns
from bot.cli.check_roots import check_public_roots
from bot.cli.check_slack import SlackChecks
from bot.cli.checked import Checked, fix, ok, run_check, skip
from bot.cli.config_file import environment
from bot.cli.listeners import check_traces, traces_wanted
from bot.cli.wiring import open_azure, open_prober
from bot.core.problem import Problem
from bot.settings import Settings, unknown_settings, wrong_settings


async def run(given: argparse.Namespace) -> int:
    """0 if there is nothing to fix, else 2."""
    to_fix = 0
    async for what, checked in _everything(environment(given)):
        print(checked.line(what), flush=True)
        to_fix += checked.word == "FIX"
    print(_summary(to_fix))
    return 2 if to_fix else 0


def _summary(to_fix: int) -> str:
    if not to_fix:
        return "Everything is in place."
    return f"{to_fix} thing{'s' * (to_fix != 1)} to fix."


async def _everything(environ: Mapping[str, str]) -> AsyncIterator[tuple[str, Checked]]:
    try:
        settings = Settings.from_environment(environ)
    except Problem as first:
        for problem in wrong_settings(environ) or (first,):
            yield "settings", fix(problem.message, problem.hint)
        # With a setting missing, tokens and probes might go where they should not.
        yield "the rest", skip("needs valid settings.")
        return
    strange = unknown_settings(environ)
    for problem in strange:
        yield "settings", fix(problem.message, problem.hint)
    if not strange:
        yield "settings", ok("valid.")
    for what, look in SlackChecks(settings).all():
        yield what, await run_check(look)
    database = await run_check(lambda: check_database(settings))
    yield "database", database
    if database.word == "FIX":
        yield "audit log", skip("needs the database.")
    else:
        yield "audit log", await run_check(lambda: check_audit_log(settings))
    if (server := settings.audit_syslog) is not None:
        yield "syslog", await run_check(lambda: check_syslog(server))
    if (roots := settings.public_ca_file) is not None:
        yield (
            "public roots",
            await run_check(lambda: check_public_roots(open_prober(settings), roots)),
        )
    yield "DNS", await run_check(lambda: check_dns(settings, open_prober(settings)))
    async for line in _azure(settings):
        yield line
    if traces_wanted(environ):
        yield "traces", await run_check(lambda: check_traces(environ))


async def _azure(settings: Settings) -> AsyncIterator[tuple[str, Checked]]:
    try:
        async with open_azure(settings) as azure:
            for what, look in AzureChecks(
                azure,
                open_prober(settings),
                read_only=settings.read_only,
                writer=bool(settings.writer_client_id),
            ).all():
                yield what, await run_check(look)
    except Problem as problem:
        yield "Azure", fix(problem.message, problem.hint)
