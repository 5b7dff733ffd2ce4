"""The commands are words for a POSIX shell, and the real parser of the Azure CLI takes them where it is there."""

import shlex
from pathlib import Path
from typing import Any

from bot.core.remedies.code import azure_cli
from bot.core.remedies.code.touched import TouchedEntry
from tests.azure_cli import parsed, refused
from tests.core.remedies.code.changes import GATEWAY, ODD, PARTS

COMMANDS = azure_cli.text(GATEWAY, PARTS).splitlines()
AZ = [shlex.split(line) for line in COMMANDS if line.startswith("az ")]
# Which argument becomes which property: command_modules/network/aaz/latest/network/application_gateway, `set_prop`.
ARGUMENTS = {
    "protocol": "protocol",
    "port": "port",
    "host": "host",
    "path": "path",
    "interval": "interval",
    "unhealthyThreshold": "threshold",
    "pickHostNameFromBackendHttpSettings": "host_name_from_http_settings",
    "pickHostNameFromBackendAddress": "host_name_from_backend_pool",
    "timeout": "timeout",
    "requestTimeout": "timeout",
    "hostName": "host_name",
    "sniName": "sni_name",
    "probe": "probe",
    "priority": "priority",
    "backendAddressPool": "address_pool",
    "authenticationCertificates": "auth_certs",
    "trustedRootCertificates": "root_certs",
    "backendAddresses": "servers",
}


def words_of(*head: str) -> list[str]:
    """The one command that begins so."""
    (found,) = [it for it in AZ if tuple(it[3 : 3 + len(head)]) == head]
    return found


def option(words: list[str], name: str) -> list[str]:
    """What stands behind an option, up to the next one."""
    rest = words[words.index(name) + 1 :]
    ends = [at for at, word in enumerate(rest) if word.startswith("--")]
    return rest[: ends[0]] if ends else rest


def test_certificates_are_written_and_uploaded_before_they_are_referred_to() -> None:
    assert COMMANDS[0].startswith("printf %s Ki5hc2U")
    assert COMMANDS[0].endswith("| base64 -d > agw-wildcard.ase.appgwtestase.com-2a2e6173.cer")
    assert COMMANDS[1].startswith("az network application-gateway auth-cert create")
    assert option(words_of("root-cert", "create"), "--cert-file") == ["agw-privateCA-70726976.cer"]
    order = [tuple(it[3:5]) for it in AZ]
    assert order.index(("auth-cert", "create")) < order.index(("http-settings", "update"))


def test_references_are_the_whole_list_by_name() -> None:
    settings = words_of("http-settings", "update")
    assert option(settings, "--auth-certs") == [
        "app",
        "agw-wildcard.ase.appgwtestase.com-2a2e6173",
    ]
    assert option(settings, "--probe") == ["agw-https"]
    assert option(settings, "--host-name-from-backend-pool") == ["true"]


def test_values_keep_every_character_and_what_goes_is_null() -> None:
    assert option(words_of("probe", "create"), "--path") == [ODD]
    probe = words_of("probe", "update")
    assert option(probe, "--match-status-codes") == ["200-399", "401"]
    assert option(probe, "--match-body") == [ODD]
    assert option(probe, "--host") == ["null"]
    assert option(words_of("address-pool", "update"), "--servers") == ["shop.example", "10.1.5.11"]


def test_the_azure_cli_itself_takes_every_command(tmp_path: Path) -> None:
    assert refused(AZ, tmp_path) == []


def test_the_azure_cli_reads_what_the_edits_say(tmp_path: Path) -> None:
    told: set[str] = set()
    for part, answer in zip(PARTS, parsed(AZ, tmp_path), strict=True):
        read = answer["arguments"]
        assert read["name"] == part.name
        for field, value in part.values.items():
            if field == "match":
                assert read["match_status_codes"] == value["statusCodes"]
                assert read["match_body"] == value["body"]
            elif field != "data":
                told.add(field)
                assert read[ARGUMENTS[field]] == bare(value), field
    assert told == set(ARGUMENTS) == set(azure_cli.FLAGS)


def bare(value: Any) -> Any:
    """A reference as its id, a member of a pool as its name or address."""
    match value:
        case list():
            return [bare(it) for it in value]
        case dict():
            (said,) = value.values()
            return said
    return value


def test_the_azure_cli_reads_every_text_as_it_is(tmp_path: Path) -> None:
    texts = [
        "OK",
        "null",
        "??",
        "-x",
        "--host",
        "@file",
        "'x'",
        "it's",
        "'",
        "a/b",
        "'/'",
        '{"a":"b"}',
    ]
    probes = [
        TouchedEntry("probes", "probe", False, {"path": it, "match": matching(it)}) for it in texts
    ]
    made = [shlex.split(azure_cli.text(GATEWAY, (probe,))) for probe in probes]
    found = parsed(made, tmp_path)
    assert [it["arguments"]["path"] for it in found] == texts
    assert [it["arguments"]["match_body"] for it in found] == texts


def matching(body: str) -> dict[str, Any]:
    return {"statusCodes": ["200"], "body": body}
