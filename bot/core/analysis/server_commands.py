"""Commands for where the backends are: their machines, App Service, a cluster. To copy and run as they are.

What stands in capitals is not known here. Commands of App Service: https://learn.microsoft.com/cli/azure/webapp and
https://learn.microsoft.com/cli/azure/webapp/config/access-restriction.
"""

from bot.core.analysis.commands import join
from bot.core.model.gateway import Gateway
from bot.core.model.observation import Attempt

APP_GROUP = "APP_RESOURCE_GROUP"
"""Stands for the resource group of an app, which is not known here."""

# The add-on's deployment: learn.microsoft.com/azure/application-gateway/ingress-controller-troubleshoot.
SHOW_AGIC_LOG = "kubectl logs -n kube-system deployment/ingress-appgw-deployment --tail=100"
RESTART_AGIC = "kubectl rollout restart -n kube-system deployment/ingress-appgw-deployment"


def find_machine(gateway: Gateway, address: str) -> str:
    """Which network interface has an address, and whose it is. (`to_string` makes JSON: the quotes end the address.)"""
    query = f"""[?contains(to_string(ipConfigurations), '"{address}"')].{{nic: id, machine: virtualMachine.id}}"""
    words = ["az", "network", "nic", "list", "--subscription", gateway.subscription]
    return join(*words, "--query", query)


def listening(port: int) -> str:
    """What listens on a port, on Linux; run on the server itself."""
    return f"ss -ltnp 'sport = :{port}'"


def show_app(gateway: Gateway, host: str) -> str:
    """The app of App Service that has a host name, and its state."""
    query = f"[?contains(hostNames, '{host.lower()}')].{{name: name, group: resourceGroup, state: state}}"
    words = ["az", "webapp", "list", "--subscription", gateway.subscription]
    return join(*words, "--query", query)


def start_app(host: str) -> str:
    """Start an app of App Service."""
    return join("az", "webapp", "start", "-g", APP_GROUP, "-n", _app(host))


def show_access(host: str) -> str:
    """From where an app of App Service may be reached."""
    where = ["-g", APP_GROUP, "-n", _app(host)]
    return join("az", "webapp", "config", "access-restriction", "show", *where)


def allow_subnet(host: str, subnet: str) -> str:
    """Let a subnet reach an app of App Service."""
    where = ["-g", APP_GROUP, "-n", _app(host)]
    rule = ["--rule-name", "gateway", "--action", "Allow", "--priority", "100", "--subnet", subnet]
    return join("az", "webapp", "config", "access-restriction", "add", *where, *rule)


def ask_no_certificate(host: str) -> str:
    """Let an app of App Service take requests without a client certificate."""
    where = ["-g", APP_GROUP, "-n", _app(host)]
    return join("az", "webapp", "update", *where, "--set", "clientCertMode=Optional")


def assign_identity(gateway: Gateway) -> str:
    """Give the gateway a user-assigned managed identity."""
    where = ["-g", gateway.resource_group, "--subscription", gateway.subscription]
    named = ["--gateway-name", gateway.name, "--identity", "IDENTITY_RESOURCE_ID"]
    return join("az", "network", "application-gateway", "identity", "assign", *where, *named)


def find_endpoint(address: str) -> str:
    """Which service and pod of a cluster have an address; prints nothing if none has."""
    return f"kubectl get endpointslices,pods -A -o wide | grep -wF {join(address)}"


def show_prefixes(subnet: str) -> str:
    """The addresses of a subnet."""
    query = "[addressPrefix, addressPrefixes]"
    return join("az", "network", "vnet", "subnet", "show", "--ids", subnet, "--query", query)


def show_handshake(attempt: Attempt) -> str:
    """Whether the server asks for a client certificate, and from which CAs."""
    server = f"[{attempt.server}]" if ":" in attempt.server else attempt.server
    name = ("-servername", attempt.sni) if attempt.sni else ("-noservername",)
    connect = join("openssl", "s_client", "-connect", f"{server}:{attempt.port}", *name)
    return f"{connect} </dev/null 2>/dev/null | grep -iA9 'client certificate'"


def _app(host: str) -> str:
    """An app's name is the first label of its host name under azurewebsites.net."""
    return host.partition(".")[0]
