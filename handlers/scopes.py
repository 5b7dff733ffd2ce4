"""What the app has to be allowed to do in a workspace: the bot scopes that manifest.yml asks for."""

# https://docs.slack.dev/reference/scopes
SCOPES = (
    "app_mentions:read",
    "channels:history",
    "groups:history",
    "chat:write",
    "commands",
    "files:write",
    "usergroups:read",
)


def missing(granted: str) -> tuple[str, ...]:
    """The scopes that a token lacks; `granted` is the header X-OAuth-Scopes of an answer of Slack's."""
    given = {scope.strip() for scope in granted.split(",")}
    return tuple(scope for scope in SCOPES if scope not in given)
