"""A backend out of the bot's reach: somebody hands in its certificate, and the gateway says whether it was it."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.core.changes.remark_text import all_in_words, in_words
from bot.core.model.marked import plain
from bot.core.report.incident import Incident
from bot.lab.azure import all_healthy
from bot.lab.pki import leaf
from bot.lab.scenario import Scenario
from bot.lab.scenarios.ilb_ase import ILB_ASE_OUT_OF_REACH
from bot.lab.scenarios.ilb_ase_v2_root import ILB_ASE_V2_ROOT_OUT_OF_REACH
from bot.workflow import Granted, Refused
from tests.corpus.running import ADA, Running, running


async def reported(run: Running) -> Incident:
    await run.settled()
    report = await run.diagnosed()
    made = report.made
    found = Incident("i1", report.gateway.id, run.gateway, "C1", "1.1", ADA, "", made, report)
    await run.workflow.store.add_incident(found)
    assert await run.workflow.offers(found) == ()
    return found


@pytest.mark.parametrize(
    ("scenario", "wanted", "option"),
    [
        (ILB_ASE_OUT_OF_REACH, "served", "upload_ilb_certificate"),
        (ILB_ASE_V2_ROOT_OUT_OF_REACH, "root", "upload_root_certificate"),
    ],
    ids=lambda it: getattr(it, "name", it),
)
async def test_it_becomes_an_offer_like_any_other_and_ends_the_fault(
    scenario: Scenario, wanted: str, option: str, tmp_path: Path
) -> None:
    async with running(scenario, tmp_path) as run:
        incident = await reported(run)
        assert incident.report is not None
        assert incident.report.wanted == wanted
        (given,) = scenario.exported.values()
        offer = await run.workflow.hand_in(incident, given, ADA)
        assert not isinstance(offer, Refused), offer.reason
        assert (offer.state, offer.plan.option) == ("offered", option)
        # Nobody saw it served, and nothing says that it helps.
        assert offer.plan.expects == ()
        assert offer.plan.relief.heals == ()
        assert {it.server for it in offer.plan.relief.cannot_tell} == {"10.1.5.11"}
        notes = " ".join(plain(in_words(it)) for it in offer.plan.notes)
        assert "I could not reach 10.1.5.11, so I did not see it served" in notes
        assert ("Public CAs then no longer count for https-ase" in notes) is (wanted == "root")
        assert offer.plan.certificates[0].sha256 in offer.shown

        decision = await run.workflow.approve(offer.id, ADA)
        assert isinstance(decision, Granted)
        change = await run.workflow.carry_out(offer.id)
        assert change.state == "healthy", all_in_words(change.remarks)
        await run.azure.wait_health(run.gateway, all_healthy)


async def test_what_does_not_fit_is_refused_and_the_last_one_counts(tmp_path: Path) -> None:
    other = ILB_ASE_V2_ROOT_OUT_OF_REACH.exported["root.cer"]
    async with running(ILB_ASE_OUT_OF_REACH, tmp_path) as run:
        incident = await reported(run)
        hand_in, store = run.workflow.hand_in, run.workflow.store
        (given,) = ILB_ASE_OUT_OF_REACH.exported.values()
        for content, why in (
            (other, "is the certificate of a CA: a v1 gateway compares the server's own"),
            (given + other, "holds 2 certificates"),
            (b"-----BEGIN PRIVATE KEY-----", "holds a private key"),
        ):
            refused = await hand_in(incident, content, ADA)
            assert isinstance(refused, Refused)
            assert why in plain(refused.reason)
        assert await store.changes_of_card(incident.id) == ()

        first = await hand_in(incident, given, ADA)
        assert not isinstance(first, Refused)
        again = await hand_in(incident, given, ADA)
        assert not isinstance(again, Refused)
        assert again.id == first.id
        # A card has one button for the option: the certificate that was handed in last.
        last = await hand_in(incident, leaf("ilb.contoso.com").pem, ADA)
        assert not isinstance(last, Refused)
        states = {it.id: it.state for it in await store.changes_of_card(incident.id)}
        assert states == {first.id: "withdrawn", last.id: "offered"}


async def test_a_gateway_that_may_not_be_changed_takes_none(tmp_path: Path) -> None:
    async with running(ILB_ASE_OUT_OF_REACH, tmp_path) as run:
        incident = await reported(run)
        run.workflow.policy = replace(run.workflow.policy, read_only=True)
        (given,) = ILB_ASE_OUT_OF_REACH.exported.values()
        refused = await run.workflow.hand_in(incident, given, ADA)
        assert isinstance(refused, Refused)
        assert "may not change" in refused.reason
