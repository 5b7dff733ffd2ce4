"""Which life of the bot this is: no other one sends what this one meant to send."""

import os
import secrets
import socket


def new_life() -> str:
    """One start of one process on one host; never the same twice."""
    return f"{socket.gethostname()}/{os.getpid()}/{secrets.token_hex(6)}"
