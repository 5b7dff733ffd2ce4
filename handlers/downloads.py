"""A file that somebody gave to the app, fetched from Slack: from there alone, and never more or longer than allowed.

The bot token goes with the request, so it must reach nobody else: the address is what Slack says of the file, its host
must be one of Slack's for files, and no redirect is followed.
"""

import asyncio
from urllib.parse import urlsplit

import aiohttp

from handlers.slack_errors import SlackProblem
from handlers.slack_proxy import proxy_for

HOSTS = frozenset({"files.slack.com", "files.slack-gov.com"})
"""Where Slack and GovSlack keep files (https://docs.slack.dev/reference/objects/file-object, `url_private`)."""
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
WITHIN = 10.0
"""Seconds for a download."""


class Downloads:
    """Fetches with the bot token, by the proxy that the environment names for Slack's files, if there is one.

    `api_url` is the base of the Web API; where that is on loopback it is an emulator, which has files of its own.
    """

    def __init__(self, token: str, api_url: str) -> None:
        self._token = token
        self._api = urlsplit(api_url)

    async def fetch(self, url: str, most: int) -> bytes:
        """The file's content; one byte more than `most` of one that is longer.

        Raises `SlackProblem`: `file_elsewhere`, `missing_scope`, `unreachable`, or `file_not_found`.
        """
        if not self._is_slacks(url):
            raise SlackProblem("file_elsewhere")
        try:
            async with asyncio.timeout(WITHIN), aiohttp.ClientSession(trust_env=False) as session:
                headers = {"Authorization": f"Bearer {self._token}"}
                async with session.get(
                    url, headers=headers, allow_redirects=False, proxy=proxy_for(url)
                ) as answer:
                    return await _content(answer, most)
        except (TimeoutError, aiohttp.ClientError) as error:
            raise SlackProblem("unreachable") from error

    def _is_slacks(self, url: str) -> bool:
        try:
            asked = urlsplit(url)
            port, own = asked.port, self._api.port
        except ValueError:
            return False
        if asked.username or asked.password:
            return False
        if self._api.hostname in _LOOPBACK:
            return (asked.scheme, asked.hostname, port) == (
                self._api.scheme,
                self._api.hostname,
                own,
            )
        return asked.scheme == "https" and asked.hostname in HOSTS and port in (None, 443)


async def _content(answer: aiohttp.ClientResponse, most: int) -> bytes:
    # Without the scope, Slack sends the page on which a person signs in, with 200 or by a redirect.
    if answer.status in (301, 302, 303, 307, 308) or answer.content_type == "text/html":
        raise SlackProblem("missing_scope")
    if answer.status != 200:
        raise SlackProblem("file_not_found")
    found = bytearray()
    async for part in answer.content.iter_chunked(16 * 1024):
        found += part
        if len(found) > most:
            break
    return bytes(found[: most + 1])
