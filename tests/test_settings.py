"""Settings: what each variable takes, what it refuses, and that no value ever shows up in an error."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.core.changes.limits import DAY, Once, Weekly
from bot.core.model.endpoint import Endpoint
from bot.core.problem import Problem
from bot.settings import Settings, parse_connect_to, unknown_settings

HOME = {"HOME": "/data/agw"}
DATABASE = "sqlite:////data/agw/.local/state/agw/agw.db"

GOOD: tuple[tuple[str, str, str, Any], ...] = (
    ("SLACK_BOT_TOKEN", "xoxb-1-abc", "slack_bot_token", "xoxb-1-abc"),
    ("SLACK_BOT_TOKEN", " xoxb-1-abc\n", "slack_bot_token", "xoxb-1-abc"),
    ("SLACK_APP_TOKEN", "xapp-1-abc", "slack_app_token", "xapp-1-abc"),
    ("SLACK_SIGNING_SECRET", "8f742231b10e", "slack_signing_secret", "8f742231b10e"),
    ("SLACK_API_URL", "https://slack-gov.com/api", "slack_api_url", "https://slack-gov.com/api/"),
    ("SLACK_API_URL", "http://127.0.0.1:8502/api/", "slack_api_url", "http://127.0.0.1:8502/api/"),
    ("SLACK_API_URL", "http://[::1]:1/api/", "slack_api_url", "http://[::1]:1/api/"),
    ("AGW_LISTEN", "0.0.0.0:0", "listen", ("0.0.0.0", 0)),
    ("AGW_LISTEN", "[::1]:3000", "listen", ("::1", 3000)),
    (
        "AGW_ARM_URL",
        "https://management.chinacloudapi.cn/",
        "arm_url",
        "https://management.chinacloudapi.cn",
    ),
    ("AGW_ARM_URL", "http://localhost:9", "arm_url", "http://localhost:9"),
    (
        "AGW_WRITER_CLIENT_ID",
        "11111111-2222-3333-4444-55555555555F",
        "writer_client_id",
        "11111111-2222-3333-4444-55555555555f",
    ),
    ("AGW_SUBSCRIPTIONS", "a-1, b-2,,a-1", "subscriptions", ("a-1", "b-2")),
    (
        "AGW_CONNECT_TO",
        "10.1.5.11:443=127.0.0.1:8443, [FD00:0::5]:443=[::1]:1,App.Contoso.com:80=Bastion_1:80",
        "connect_to",
        {
            ("10.1.5.11", 443): ("127.0.0.1", 8443),
            ("fd00::5", 443): ("::1", 1),
            ("app.contoso.com", 80): ("bastion_1", 80),
        },
    ),
    (
        "AGW_DNS_SERVERS",
        "10.0.0.4, 10.0.0.5:5353,FD00:0::5,[fd00::6]:54,10.0.0.4:53",
        "dns_servers",
        (("10.0.0.4", 53), ("10.0.0.5", 5353), ("fd00::5", 53), ("fd00::6", 54)),
    ),
    ("AGW_LOOPBACK_ONLY", "1", "loopback_only", True),
    ("AGW_DATABASE_URL", "sqlite:///agw.db", "database_url", "sqlite:///agw.db"),
    ("AGW_DATABASE_URL", "postgresql://u:p@db/agw", "database_url", "postgresql://u:p@db/agw"),
    ("AGW_RETENTION", "30", "retention", (timedelta(days=30), None)),
    ("AGW_RETENTION", "audit=400", "retention", (timedelta(days=90), timedelta(days=400))),
    ("AGW_RETENTION", "30, audit = 400", "retention", (timedelta(days=30), timedelta(days=400))),
    ("AGW_AUDIT_SYSLOG", "udp://10.0.0.9:514", "audit_syslog", ("udp", ("10.0.0.9", 514))),
    ("AGW_AUDIT_SYSLOG", "tcp://[fd00::5]:601/", "audit_syslog", ("tcp", ("fd00::5", 601))),
    ("AGW_AUDIT_SYSLOG", "unix:///dev/log", "audit_syslog", ("unix", "/dev/log")),
    ("AGW_APPROVERS", "U1,S2 ,W3", "approvers", ("U1", "S2", "W3")),
    ("AGW_ALLOW_GUESTS", "1", "allow_guests", True),
    ("AGW_REQUIRE_SECOND_PERSON", "Yes", "require_second_person", True),
    ("AGW_APPROVAL_TTL", "60", "approval_ttl", timedelta(minutes=1)),
    ("AGW_APPROVAL_CHANNEL", "C1", "approval_channel", "C1"),
    ("AGW_RATE", "5/10", "rate", (5, timedelta(minutes=10))),
    ("AGW_REPORT_CHANNELS", "C1,G2", "report_channels", ("C1", "G2")),
    ("AGW_ALERT_BOTS", "B1, A2,B1", "alert_bots", ("B1", "A2")),
    ("AGW_READ_ONLY", "TRUE", "read_only", True),
    ("AGW_READ_ONLY", "no", "read_only", False),
    ("AGW_PUBLIC_CA_FILE", "/etc/roots.pem", "public_ca_file", Path("/etc/roots.pem")),
    (
        "AGW_FREEZE",
        "Fri 16:00..mon 7:00 Europe/Berlin, 2026-12-20..2027-01-04,2026-12-24 12:00..2026-12-25",
        "freeze",
        (
            Weekly(4 * DAY + 960, 420, ZoneInfo("Europe/Berlin")),
            Once(datetime(2026, 12, 20, tzinfo=UTC), datetime(2027, 1, 4, tzinfo=UTC)),
            Once(datetime(2026, 12, 24, 12, tzinfo=UTC), datetime(2026, 12, 25, tzinfo=UTC)),
        ),
    ),
    ("AGW_CHANGE_ONLY", "agw-test, RG-Shop/*", "change_only", ("agw-test", "RG-Shop/*")),
    ("AGW_CHANGE_NEVER", "*-prod,*-prod", "change_never", ("*-prod",)),
    ("AGW_HEALTH_LISTEN", "0.0.0.0:8080", "health_listen", ("0.0.0.0", 8080)),
    ("AGW_LOG_FORMAT", "JSON", "log_format", "json"),
    ("AGW_LOG_LEVEL", "Warning", "log_level", "warning"),
    ("AGW_DEBUG", "false", "debug", False),
)
BAD = (
    ("AGW_DNS_SERVERS", "dns.contoso.com:53", "give a DNS server by its IP address"),
    ("AGW_DNS_SERVERS", "dns.contoso.com", "HOST:PORT"),
    ("AGW_DNS_SERVERS", "10.0.0.256:53", "an invalid IP address"),
    ("AGW_DNS_SERVERS", ",", "has no entries"),
    ("SLACK_BOT_TOKEN", "xapp-1-abc", "a bot token is needed"),
    ("SLACK_BOT_TOKEN", "xoxb-1 abc", "a space"),
    ("SLACK_APP_TOKEN", "xoxb-1-abc", "an app-level token is needed"),
    ("SLACK_SIGNING_SECRET", "8f74\r\nX: y", "a line break"),
    ("SLACK_API_URL", "http://slack.com/api/", "use https"),
    ("SLACK_API_URL", "slack.com", "is not a URL"),
    ("SLACK_API_URL", "https://slack-gov.com", "which is https://slack-gov.com/api/"),
    ("SLACK_API_URL", "https://[::1", "is not a URL"),
    ("SLACK_API_URL", "https://host:99999", "is not a URL"),
    ("AGW_LISTEN", "3000", "HOST:PORT"),
    ("AGW_LISTEN", "127.0.0.1:65536", "an invalid port"),
    ("AGW_LISTEN", "::1:3000", "in brackets"),
    ("AGW_ARM_URL", "http://management.azure.com", "use https"),
    ("AGW_ARM_URL", "http://127.0.0.1.nip.io", "use https"),
    ("AGW_ARM_URL", "ftp://127.0.0.1", "is not a URL"),
    ("AGW_ARM_URL", "https://me:word@management.azure.com", "only a host and a path"),
    ("AGW_ARM_URL", "https://management.azure.com/?a=b", "only a host and a path"),
    ("AGW_WRITER_CLIENT_ID", "agw-writer", "is not the client id of an identity"),
    ("AGW_SUBSCRIPTIONS", "a-1,Contoso Production", "entry 2"),
    ("AGW_SUBSCRIPTIONS", ",", "has no entries"),
    ("AGW_CONNECT_TO", "10.1.5.11:443", "no = in entry 1"),
    ("AGW_CONNECT_TO", "a:1=b:1,a:0=b:1", "an invalid port in entry 2"),
    ("AGW_CONNECT_TO", "a:1=b:1,A:1=c:1", "two different destinations"),
    ("AGW_CONNECT_TO", "10.1.5.256:443=a:1", "an invalid IP address"),
    ("AGW_CONNECT_TO", "[10.1.5.11]:443=a:1", "an invalid IP address"),
    ("AGW_CONNECT_TO", "-a:443=a:1", "no valid host name"),
    ("AGW_CONNECT_TO", ":443=a:1", "no valid host name"),
    ("AGW_LOOPBACK_ONLY", "on", "neither yes"),
    ("AGW_DATABASE_URL", "sqlite:///", "sqlite:///"),
    ("AGW_DATABASE_URL", "mysql://u:p@db/agw", "sqlite:///"),
    ("AGW_RETENTION", "0", "days above 0"),
    ("AGW_RETENTION", "30d", "days above 0"),
    ("AGW_RETENTION", "9" * 5000, "days above 0"),
    ("AGW_RETENTION", "90,audit=0", "days above 0"),
    ("AGW_RETENTION", "90,cards=30", "DAYS or audit=DAYS in entry 2"),
    ("AGW_AUDIT_SYSLOG", "syslog.contoso.com:514", "udp://HOST:PORT"),
    ("AGW_AUDIT_SYSLOG", "tls://syslog.contoso.com:6514", "udp://HOST:PORT"),
    ("AGW_AUDIT_SYSLOG", "unix://dev/log", "unix:///PATH"),
    ("AGW_AUDIT_SYSLOG", "tcp://syslog.contoso.com", "HOST:PORT"),
    ("AGW_APPROVERS", "U1,@alice", "entry 2"),
    ("AGW_APPROVERS", "u1", "entry 1"),
    ("AGW_ALLOW_GUESTS", "guests", "neither yes"),
    ("AGW_REQUIRE_SECOND_PERSON", "2", "neither yes"),
    ("AGW_APPROVAL_TTL", "0", "above 0"),
    ("AGW_APPROVAL_TTL", "-5", "above 0"),
    ("AGW_APPROVAL_TTL", "30m", "above 0"),
    ("AGW_APPROVAL_TTL", "9" * 5000, "above 0"),
    ("AGW_APPROVAL_CHANNEL", "C1,C2", "is not the id of a Slack channel"),
    ("AGW_RATE", "5", "is not N/M"),
    ("AGW_RATE", "0/10", "from 1 to 100 diagnoses"),
    ("AGW_RATE", "5/2000", "1 to 1440 minutes"),
    ("AGW_REPORT_CHANNELS", "#incidents", "entry 1"),
    ("AGW_ALERT_BOTS", "B1,U2", "entry 2"),
    ("AGW_READ_ONLY", "maybe", "neither yes"),
    ("AGW_DEBUG", "verbose", "neither yes"),
    ("AGW_HEALTH_LISTEN", "8080", "HOST:PORT"),
    ("AGW_FREEZE", "christmas", "FROM..TO in entry 1"),
    ("AGW_FREEZE", "Fri 16:00..Mon 07:00,Fri 16:00..2026-01-01", "neither two days"),
    ("AGW_FREEZE", "Fri 25:00..Mon 07:00", "neither two days"),
    ("AGW_FREEZE", "Fri 16:00..Fri 16:00", "begins when it ends"),
    ("AGW_FREEZE", "2026-12-25..2026-12-20", "ends before it begins"),
    ("AGW_FREEZE", "2026-13-25..2026-12-20", "neither two days"),
    ("AGW_FREEZE", "Fri 16:00..Mon 07:00 Europe/Atlantis", "an unknown time zone in entry 1"),
    ("AGW_FREEZE", "2026-12-20T10:00+02:00..2026-12-21", "neither two days"),
    ("AGW_CHANGE_ONLY", "agw;test", "no name of a gateway"),
    ("AGW_CHANGE_NEVER", ",", "has no entries"),
    ("AGW_LOG_FORMAT", "yaml", "neither text nor json"),
    ("AGW_LOG_LEVEL", "loud", "debug, info, warning, error"),
)
NAMES = sorted({name for name, *_ in GOOD})
TEXTS = st.text(max_size=40) | st.text("0123456789:.,=[]-/@?#abUSCG", max_size=40)


def settings(environ: Mapping[str, str]) -> Settings:
    """With a home, because only one test is about none."""
    return Settings.from_environment(HOME | dict(environ))


def refusal(environ: Mapping[str, str]) -> Problem | None:
    """What is said against an environment, if anything."""
    try:
        settings(environ)
    except Problem as problem:
        return problem
    return None


def test_an_empty_environment_gives_the_defaults() -> None:
    assert settings({}) == Settings(database_url=DATABASE)
    assert settings(dict.fromkeys(NAMES, " ")) == Settings(database_url=DATABASE)


def test_a_variable_that_means_nothing_is_named_with_the_nearest_right_one() -> None:
    environ = {"AGW_APROVERS": "U1", "AGW_ZZZZZZ": "1", "AGW_READ_ONLY": "1", "PATH": "/bin"}
    first, second = unknown_settings(environ)
    assert str(first).startswith("AGW_APROVERS is no setting")
    assert "AGW_APPROVERS" in first.hint
    assert "AGW_ZZZZZZ" in second.message
    assert "mean" not in second.hint
    assert unknown_settings(dict.fromkeys(NAMES, "1")) == ()


def test_nobody_may_approve_unless_somebody_is_named() -> None:
    assert settings({}).approvers == ()


@pytest.mark.parametrize(("name", "text", "field", "value"), GOOD)
def test_a_good_value_is_taken(name: str, text: str, field: str, value: Any) -> None:
    found = settings({name: text})
    assert getattr(found, field) == value


def test_every_setting_can_be_set() -> None:
    assert {field for _, _, field, _ in GOOD} == {it.name for it in fields(Settings)}


@pytest.mark.parametrize(("name", "text", "words"), BAD)
def test_a_bad_value_is_told(name: str, text: str, words: str) -> None:
    with pytest.raises(Problem) as caught:
        settings({name: text})
    assert caught.value.code == "bad_setting"
    assert caught.value.message.startswith(f"{name} ")
    assert words in caught.value.message
    example_of, _, value = caught.value.hint.removeprefix("Example: ").partition("=")
    assert example_of == name
    assert refusal({name: value}) is None


def test_a_bad_value_of_every_variable_is_tried() -> None:
    """All but the path of a file, which nothing is wrong with before it is opened."""
    assert {name for name, *_ in BAD} == set(NAMES) - {"AGW_PUBLIC_CA_FILE"}


@given(name=st.sampled_from(NAMES), text=TEXTS)
@example(name="AGW_APPROVERS", text="xoxb-12-secret")
def test_any_text_is_taken_or_told_without_repeating_it(name: str, text: str) -> None:
    text = f"{text}q7Z" if name == "AGW_CONNECT_TO" else f"q7Z{text}"
    problem = refusal({name: text})
    assert problem is None or problem.code == "bad_setting"
    assert "q7Z" not in str(problem)


def test_secrets_are_in_no_text() -> None:
    secrets = {
        "SLACK_BOT_TOKEN": "xoxb-bot-secret",
        "SLACK_APP_TOKEN": "xapp-app-secret",
        "SLACK_SIGNING_SECRET": "signing-secret",
        "AGW_DATABASE_URL": "postgresql://agw:database-secret@db/agw",
    }
    assert "secret" not in repr(settings(secrets)).replace("signing_secret", "")
    with pytest.raises(Problem) as caught:
        settings(secrets | {"AGW_DEBUG": "signing-secret"})
    assert "secret" not in str(caught.value)


def test_approvers_are_users_and_groups() -> None:
    found = settings({"AGW_APPROVERS": "S2,U1,W3,S1"})
    assert found.approver_users == ("U1", "W3")
    assert found.approver_groups == ("S2", "S1")


@pytest.mark.parametrize(
    ("environ", "url"),
    [
        ({"HOME": "/h"}, "sqlite:////h/.local/state/agw/agw.db"),
        ({"HOME": "/h", "XDG_STATE_HOME": "/s"}, "sqlite:////s/agw/agw.db"),
        ({"HOME": "/h", "XDG_STATE_HOME": "s"}, "sqlite:////h/.local/state/agw/agw.db"),
    ],
)
def test_the_database_is_in_the_state_directory(environ: dict[str, str], url: str) -> None:
    assert Settings.from_environment(environ).database_url == url


def test_without_a_home_the_database_must_be_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def nowhere() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "home", nowhere)
    with pytest.raises(Problem, match="AGW_DATABASE_URL is not set") as caught:
        Settings.from_environment({})
    assert caught.value.code == "bad_setting"
    named = Settings.from_environment({"AGW_DATABASE_URL": "sqlite:///agw.db"})
    assert named.database_url == "sqlite:///agw.db"


PORTS = st.integers(1, 65535)
HOSTS = (
    st.from_regex(r"[a-z][a-z0-9-]{0,10}[a-z0-9](\.[a-z]{2,5})?", fullmatch=True)
    | st.ip_addresses(v=4).map(str)
    | st.ip_addresses(v=6).map(str)
)
ENDPOINTS = st.tuples(HOSTS, PORTS)


def written(endpoint: Endpoint) -> str:
    host, port = endpoint
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


@given(st.dictionaries(ENDPOINTS, ENDPOINTS, min_size=1, max_size=4))
def test_every_map_can_be_written_and_read(mapped: dict[Endpoint, Endpoint]) -> None:
    text = ",".join(f"{written(left)}={written(right)}" for left, right in mapped.items())
    assert parse_connect_to(text) == mapped
    assert settings({"AGW_CONNECT_TO": text}).connect_to == mapped


@pytest.mark.parametrize("text", ["", "10.1.5.11:443", "a:1=b:x"])
def test_the_option_is_named_where_it_is_wrong(text: str) -> None:
    with pytest.raises(Problem, match=r"^--connect-to ") as caught:
        parse_connect_to(text)
    assert parse_connect_to(caught.value.hint.removeprefix("Example: --connect-to="))
