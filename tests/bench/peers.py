"""`make bench-peers`: CPU of looking at one TLS server, by the probe and by what else there is for it.

None of them does the same. The probe tells the chain as sent and its verdicts; `openssl s_client` a part of that, in a
process for each server; bare pyOpenSSL connects, and judges nothing; sslyze scans for much more. So there are no goals
here: the table says what the probe's figures are to be compared with. sslyze is in a folder of its own, SSLYZE.
"""

import argparse
import asyncio
import os
import resource
import shutil
import socket
import ssl
import time
from collections.abc import Sequence
from pathlib import Path

from OpenSSL import SSL

from bot.core.model.observation import Attempt
from bot.lab.guard import loopback_only
from bot.probe import NetworkProber
from bot.probe.x509 import read_der
from tests.bench import acks
from tests.bench.children import servers
from tests.bench.measure import Ratio

WIDTH = 82
TARGETS = 50
FEW = 3
"""Servers that sslyze scans: one after another, each in a process of its own."""


async def compared(sslyze: Path | None) -> list[Ratio]:
    """CPU for each server, of each peer against the probe."""
    async with servers("tests.bench.probe_cpu", "RSA", "1") as (port, pem):
        own = await _probe(port, pem)
        peers = {
            "bare pyOpenSSL, one after another": await asyncio.to_thread(_pyopenssl, port),
            "openssl s_client": await _by_process(_s_client(port), TARGETS),
        }
        if sslyze is not None:
            scan = [str(sslyze), "--certinfo", f"localhost:{port}"]
            peers["sslyze --certinfo"] = await _by_process(scan, FEW)
    return [
        Ratio(f"CPU for one server, {name}, against the probe", it, own)
        for name, it in peers.items()
        if it is not None
    ]


async def _probe(port: int, pem: str) -> float:
    prober = NetworkProber(
        {(f"10.8.0.{it + 1}", 443): ("127.0.0.1", port) for it in range(TARGETS)}, True
    )
    root = read_der(ssl.PEM_cert_to_DER_cert(pem))
    attempts = [
        Attempt(f"10.8.0.{it + 1}", 443, True, "s0.contoso.com", "s0.contoso.com", None)
        for it in range(TARGETS)
    ]
    await prober.observe(attempts, (root,), timeout=30)
    began = time.process_time()
    await prober.observe(attempts, (root,), timeout=30)
    return (time.process_time() - began) / TARGETS


def _pyopenssl(port: int) -> float:
    context = SSL.Context(SSL.TLS_CLIENT_METHOD)
    began = time.thread_time()
    for _ in range(TARGETS):
        with socket.create_connection(("127.0.0.1", port)) as plain:
            plain.setblocking(True)
            session = SSL.Connection(context, plain)
            session.set_tlsext_host_name(b"s0.contoso.com")
            session.set_connect_state()
            session.do_handshake()
            session.get_peer_cert_chain()
            session.shutdown()
    return (time.thread_time() - began) / TARGETS


def _s_client(port: int) -> Sequence[str]:
    where = f"127.0.0.1:{port}"
    return ["openssl", "s_client", "-connect", where, "-servername", "s0.contoso.com", "-showcerts"]


async def _by_process(command: Sequence[str], times: int) -> float | None:
    """Seconds of CPU for each run; None if there is no such program."""
    if shutil.which(command[0]) is None:
        print(f"left out, as it is not installed: {command[0]}")
        return None
    began = _children()
    for _ in range(times):
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
            env={"PATH": os.environ["PATH"]},
        )
        await process.wait()
    return (_children() - began) / times


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


async def _all(sslyze: Path | None) -> list[Ratio]:
    return [*await compared(sslyze), *await acks.acknowledged()]


def main() -> None:
    """Measure and print."""
    given = argparse.ArgumentParser(prog="python -m tests.bench.peers")
    given.add_argument("--sslyze", type=Path, metavar="PROGRAM")
    with loopback_only():
        for it in asyncio.run(_all(given.parse_args().sslyze)):
            print(it.line(WIDTH))


if __name__ == "__main__":
    main()
