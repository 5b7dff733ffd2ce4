"""Nothing but loopback, and one public key infrastructure for all tests of the probe."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from bot.lab.guard import loopback_only
from bot.lab.pki import Issued, authority, leaf


@dataclass(frozen=True, slots=True)
class Pki:
    """A root, the intermediate that it signed, and a server's certificate that this one signed."""

    root: Issued
    issuing: Issued
    site: Issued
    stranger: Issued


@pytest.fixture(autouse=True)
def only_loopback() -> Iterator[None]:
    with loopback_only():
        yield


@pytest.fixture(scope="session")
def pki() -> Pki:
    root = authority("Contoso Root CA")
    issuing = authority("Contoso Issuing CA", issuer=root)
    return Pki(root, issuing, leaf("shop.contoso.com", issuer=issuing), authority("Fabrikam Root"))
