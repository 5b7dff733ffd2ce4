"""The clouds of Azure: where Resource Manager is, who issues its tokens, and for what they are asked.

AGW_ARM_URL chooses one. The same values as Microsoft's own library has (azure.mgmt.core.tools.get_arm_endpoints and
azure.identity.AzureAuthorityHosts), which a test compares. Pages:
https://learn.microsoft.com/azure/azure-government/compare-azure-government-global-azure#guidance-for-developers,
https://learn.microsoft.com/azure/china/resources-developer-guide,
https://learn.microsoft.com/entra/identity-platform/authentication-national-cloud
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cloud:
    """`arm` is a URL without a trailing slash, `authority` a host name."""

    name: str
    arm: str
    authority: str
    scope: str


PUBLIC = Cloud(
    "Azure",
    "https://management.azure.com",
    "login.microsoftonline.com",
    "https://management.azure.com/.default",
)
CLOUDS = (
    PUBLIC,
    Cloud(
        "Azure Government",
        "https://management.usgovcloudapi.net",
        "login.microsoftonline.us",
        "https://management.core.usgovcloudapi.net/.default",
    ),
    Cloud(
        "Azure operated by 21Vianet (China)",
        "https://management.chinacloudapi.cn",
        "login.chinacloudapi.cn",
        "https://management.chinacloudapi.cn/.default",
    ),
)
