"""Does the Azure CLI's own parser take these commands? Run by an interpreter that has azure-cli: the tests' has not.

stdin: a JSON list of commands, each a list of words that begins with `az`. stdout: a JSON list beside it: for each
that is taken `{"arguments": ...}`, as they would be sent, else `{"refused": ...}`, what the parser says. Nothing is
carried out, and nothing is contacted. Certificate files that are named are made in the current directory.
"""

import contextlib
import io
import json
import sys
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from bot.lab.guard import loopback_only


def main() -> None:
    """Parse everything in one process: to load the Azure CLI takes longer than to ask it."""
    cli = import_module("azure.cli.core").get_default_cli()
    # As if somebody had signed in: references are filled up with the id of the subscription.
    cli.data["subscription_id"] = "s1"
    # A value that a command leaves out is a type of its own.
    print(json.dumps([_said(cli, words) for words in json.load(sys.stdin)], default=str))


def _said(cli: Any, words: list[str]) -> dict[str, Any]:
    for option, file in pairwise(words):
        if option == "--cert-file":
            Path(file).write_bytes(b"certificate")
    refusals = (
        import_module("knack.util").CLIError,
        import_module("azure.cli.core.azclierror").AzCLIError,
    )
    told = io.StringIO()
    try:
        with contextlib.redirect_stderr(told), contextlib.redirect_stdout(told):
            return {"arguments": _arguments(_parse(cli, words[1:]))}
    except SystemExit:
        return {"refused": told.getvalue() or "refused without a word"}
    except (LookupError, *refusals) as error:
        return {"refused": str(error)}


def _arguments(parsed: Any) -> Any:
    """What a command would send: most are generated, and see only as they start whether all is there."""
    if not isinstance(parsed.func, import_module("azure.cli.core.aaz").AAZCommand):
        return None
    explode = import_module("azure.cli.core.commands")._explode_list_args
    (given,) = explode(parsed)
    schema = parsed.func.get_arguments_schema()
    context = import_module("azure.cli.core.aaz._command_ctx").AAZCommandCtx
    # Without a location some would ask Azure where the resource group is.
    made = context(parsed.func.cli_ctx, schema, {"location": "global", **vars(given)})
    made.format_args()
    return made.args.to_serialized_data()


def _parse(cli: Any, words: list[str]) -> Any:
    # As azure.cli.core.commands.AzCliCommandInvoker.execute does, up to the moment before a command runs.
    az, knack = import_module("azure.cli.core.commands.events"), import_module("knack.events")
    invocation = cli.invocation_cls(
        cli_ctx=cli,
        parser_cls=cli.parser_cls,
        commands_loader_cls=cli.commands_loader_cls,
        help_cls=cli.help_cls,
    )
    cli.invocation = invocation
    loader = invocation.commands_loader
    table = loader.load_command_table(words)
    name = _name(table, words)
    invocation.data["command_string"] = name
    # It has a parser for the one command and not for the hundreds of its group, as in life.
    loader.command_table, loader.command_name = {name: table[name]}, name
    # `--subscription` and `--ids` are added to commands at these moments.
    cli.raise_event(az.EVENT_INVOKER_PRE_LOAD_ARGUMENTS, commands_loader=loader)
    loader.load_arguments(name)
    cli.raise_event(az.EVENT_INVOKER_POST_LOAD_ARGUMENTS, commands_loader=loader)
    cli.raise_event(knack.EVENT_INVOKER_POST_CMD_TBL_CREATE, commands_loader=loader)
    invocation.parser.cli_ctx = cli
    invocation.parser.load_command_table(loader)
    parsed = invocation.parser.parse_args(words)
    cli.raise_event(knack.EVENT_INVOKER_POST_PARSE_ARGS, command=name, args=parsed)
    return parsed


def _name(table: Any, words: list[str]) -> str:
    """The command that the words begin with: the longest that there is."""
    names = (" ".join(words[:count]) for count in range(len(words), 0, -1))
    found = next((name for name in names if name in table), None)
    if found is None:
        raise LookupError(f"there is no command {' '.join(words[:5])}")
    return found


if __name__ == "__main__":
    with loopback_only():
        main()
