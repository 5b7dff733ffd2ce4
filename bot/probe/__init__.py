"""The edge to the backends: DNS, TCP, TLS and HTTP as the gateway would speak them; certificates.

prober = NetworkProber(connect_to={}, loopback_only=False)
observations = await prober.observe(attempts, anchors, timeout=20)
"""

from bot.probe.prober import NetworkProber

__all__ = ["NetworkProber"]
