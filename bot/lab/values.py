"""Words that all parts of the lab share."""

from typing import Any

Json = dict[str, Any]
"""A JSON object."""

Endpoint = tuple[str, int]
"""Host and port of a server."""
