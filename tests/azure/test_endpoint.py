"""Which addresses are taken for Resource Manager, and what belongs to it."""

import pytest
from azure.core import AzureClouds
from azure.identity import AzureAuthorityHosts
from azure.mgmt.core.tools import get_arm_endpoints

from bot.azure.clouds import CLOUDS
from bot.azure.endpoint import PUBLIC_CLOUD, parse
from bot.core.problem import Problem


def test_the_public_cloud_leaves_the_authority_to_azure_identity() -> None:
    endpoint = parse(PUBLIC_CLOUD)
    assert endpoint.scope == "https://management.azure.com/.default"
    assert endpoint.authority == ""


@pytest.mark.parametrize(
    ("url", "authority"),
    [
        ("https://management.usgovcloudapi.net", "login.microsoftonline.us"),
        ("https://MANAGEMENT.chinacloudapi.cn:443/", "login.chinacloudapi.cn"),
    ],
)
def test_a_sovereign_cloud_has_its_own_authority(url: str, authority: str) -> None:
    assert parse(url).authority == authority


def test_the_table_of_clouds_is_the_one_of_microsofts_library() -> None:
    theirs = {
        AzureClouds.AZURE_PUBLIC_CLOUD: AzureAuthorityHosts.AZURE_PUBLIC_CLOUD,
        AzureClouds.AZURE_US_GOVERNMENT: AzureAuthorityHosts.AZURE_GOVERNMENT,
        AzureClouds.AZURE_CHINA_CLOUD: AzureAuthorityHosts.AZURE_CHINA,
    }
    assert set(theirs) == set(AzureClouds)
    found = {
        (at["resource_manager"].rstrip("/"), authority, *at["credential_scopes"])
        for cloud, authority in theirs.items()
        for at in [get_arm_endpoints(cloud)]
    }
    assert {(it.arm, it.authority, it.scope) for it in CLOUDS} == found


def test_another_resource_manager_gets_tokens_for_itself() -> None:
    stack = parse("https://management.local.azurestack.external/")
    assert stack.scope == "https://management.local.azurestack.external/.default"
    assert stack.authority == ""


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.9.1", "[::1]", "localhost"])
def test_plain_http_is_taken_on_loopback(host: str) -> None:
    endpoint = parse(f"http://{host}:8080/")
    assert endpoint.is_plain
    assert endpoint.url == f"http://{host}:8080"


@pytest.mark.parametrize(
    "url",
    [
        "http://management.azure.com",
        "http://10.0.0.1",
        "http://localhost.example.com",
        "http://127.0.0.1.example.com",
        "https://user:secret@management.azure.com",
        "https://management.azure.com/subscriptions",
        "https://management.azure.com?api-version=1",
        "ftp://management.azure.com",
        "management.azure.com",
        "https://[::1",
        "",
    ],
)
def test_other_addresses_are_refused_without_being_repeated(url: str) -> None:
    with pytest.raises(Problem) as caught:
        parse(url)
    assert caught.value.code == "bad_setting"
    assert "AGW_ARM_URL" in caught.value.message
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "owned"),
    [
        ("https://management.azure.com/subscriptions/1?api-version=2", True),
        ("https://management.azure.com:443/x", True),
        ("HTTPS://Management.Azure.COM/x", True),
        ("http://management.azure.com/x", False),
        ("https://management.azure.com:444/x", False),
        ("https://management.azure.com.example.com/x", False),
        ("https://management.azure.com@example.com/x", False),
        ("https://management.azure.com\\@example.com/x", False),
        ("https://example.com/https://management.azure.com/x", False),
        ("//example.com/x", False),
        ("/subscriptions/1", False),
        ("https://[::1", False),
        ("", False),
    ],
)
def test_only_the_same_scheme_host_and_port_are_owned(url: str, owned: bool) -> None:
    assert parse(PUBLIC_CLOUD).owns(url) is owned
