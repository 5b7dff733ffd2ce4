"""The edge to the backends: DNS, TCP, TLS and HTTP as the gateway would use them, and X.509.

In: attempts and DNS questions that `bot.core` asks for, and certificate texts. Out: observations, DNS answers and
certificates as values of `bot.core.model`. Nothing here judges, and every address is checked before it is contacted.

prober = NetworkProber(connect_to={}, loopback_only=False)
observations = await prober.observe(attempts, anchors, timeout=20)
"""

from bot.probe.prober import NetworkProber

__all__ = ["NetworkProber"]
