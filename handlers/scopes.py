"""The bot scopes that the app needs in a workspace, and what each is for; manifest.yml requests the same."""

from collections.abc import Iterable, Mapping

# https://docs.slack.dev/reference/scopes
SCOPES: Mapping[str, str] = {
    "app_mentions:read": "@agw is not heard; /agw is",
    "channels:history": "reports in public channels are not heard; /agw works there",
    "groups:history": "reports in private channels are not heard; /agw works there",
    "im:history": "what is written to agw directly is not heard; /agw and @agw work in channels",
    "channels:read": "agw check cannot look up public channels of the settings; everything else works",
    "groups:read": "agw check cannot look up private channels of the settings; everything else works",
    "chat:write": "no card and no result can be posted; agw diagnose works in the terminal",
    "commands": "there is neither /agw nor the message shortcut; @agw and reports in channels are heard",
    "files:read": "a certificate cannot be handed in as a file; pasting its text works",
    "files:write": "no certificate and no code is handed out as a file; diagnoses and changes work",
    "usergroups:read": "nobody is an approver by a user group; those named by their own id are",
    "users:read": (
        "guests cannot be told from members, so nobody is let in unless AGW_ALLOW_GUESTS=1; what was approved before"
        " goes on"
    ),
}
"""Each scope, with what does not work without it, and what does all the same."""


def granted_scopes(header: str) -> frozenset[str]:
    """The scopes that a token has; `header` is the X-OAuth-Scopes header of one of Slack's answers.

    https://docs.slack.dev/authentication/installing-with-oauth
    """
    return frozenset(scope.strip() for scope in header.split(","))


def missing_scopes(granted: str) -> tuple[str, ...]:
    """The scopes that a token lacks, by the same header."""
    given = granted_scopes(granted)
    return tuple(scope for scope in SCOPES if scope not in given)


def without(scopes: Iterable[str]) -> str:
    """What an installation that lacks these scopes cannot do, and what it can."""
    return " ".join(f"Without {scope}, {SCOPES[scope]}." for scope in scopes)
