"""Where a server listens."""

Endpoint = tuple[str, int]
"""Host and port of a server."""
