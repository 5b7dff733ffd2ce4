"""The commands there are, and the help that lists them. It imports nothing, so `agw --help` costs what Python costs."""

ABOUT = "Ends 502 incidents on Azure Application Gateway."

COMMANDS = {
    "diagnose": "diagnose one gateway, here in the terminal",
    "explain": "explain a rule: symptom, cause, remedy, sources",
    "plan": "show what an option would write; changes nothing",
    "serve": "run the bot against Slack and Azure",
    "lab": "run the bot in its embedded world, with a page",
    "check": "check the setup: one line each, with the fix",
    "audit": "print the audit log",
    "completion": "print the completion script of a shell",
}

_OPTIONS = {
    "-h, --help": "show this help message and exit",
    "--version": "show program's version number and exit",
}


def overview() -> str:
    """What `agw --help` prints, in argparse's own form."""
    commands = _table(COMMANDS, 4, 16)
    options = _table(_OPTIONS, 2, 16)
    return (
        f"usage: agw [-h] [--version] COMMAND ...\n\n{ABOUT}\n\n"
        f"positional arguments:\n  COMMAND\n{commands}\noptions:\n{options}"
    )


def _table(rows: dict[str, str], indent: int, column: int) -> str:
    return "".join(f"{' ' * indent + name:<{column}}{what}\n" for name, what in rows.items())
