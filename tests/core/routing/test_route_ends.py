"""What is at the ends of the routes is worked out once for each gateway, and anew for another one."""

from dataclasses import replace

from tests.core.make import case, document


def test_a_case_on_paper_of_the_same_gateway_takes_it_over() -> None:
    before = case()
    after = replace(before, observations=())
    assert after.backends is before.backends
    assert after.clients is before.clients


def test_another_gateway_another_question_or_another_member_has_its_own() -> None:
    before = case()
    moved = case(document(servers=("10.9.9.9",))).gateway
    assert [it.server for it in replace(before, gateway=moved).backends] == ["10.9.9.9"]
    assert replace(before, asked="other.contoso.com").clients is not before.clients
    joined = ((before.backends[0].pool.id, "10.8.8.8"),)
    assert "10.8.8.8" in [it.server for it in replace(before, nic_members=joined).backends]
