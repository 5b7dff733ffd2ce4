"""The alerts of monitors as they stand in Slack: what has begun is heard, with its gateway; what is over is not."""

from pathlib import Path
from typing import Any

import pytest
from slack_bolt.request.async_request import AsyncBoltRequest

from bot.core.model.known_gateway import KnownGateway
from bot.core.routing.target import find, parse_target
from handlers.hearing.alert import MOST_SHOWN, alert, is_green, shown
from handlers.messages import MOST_IN_ALERT
from tests.core import make
from tests.handlers import relayed
from tests.handlers.bench import INCIDENTS, buttons, open_bench

Event = dict[str, Any]
GROUP = "/subscriptions/5f3c/resourcegroups/rg-prod/providers/microsoft.network/applicationgateways"
GATEWAYS = (
    KnownGateway(f"{GROUP}/agw-prod", "agw-prod", "rg-prod", "5f3c", ("shop.contoso.com",)),
    KnownGateway(f"{GROUP}/agw-test", "agw-test", "rg-prod", "5f3c", ("test.appgwtestase.com",)),
)


def section(text: str) -> Event:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def azure_mail(state: str, rule: str) -> Event:
    # An e-mail's subject and body, as Slack's e-mail app shows them:
    # https://quisitive.com/disassembling-the-azure-alert-format-for-metric-and-log-based-alerts/
    subject = (
        f"{state}:Sev1 Azure Monitor Alert {rule} on agw-prod"
        " ( microsoft.network/applicationgateways ) at 3/27/2022 3:19:40 AM"
    )
    body = (
        f"Alert name {rule}\nSeverity Sev1\nMonitor condition {state}\nAffected resource agw-prod"
    )
    return {"text": "", "files": [{"subject": subject, "title": subject, "plain_text": body}]}


def azure_schema(state: str, metric: str) -> Event:
    # A Logic App that posts the common alert schema as it is:
    # https://learn.microsoft.com/azure/azure-monitor/alerts/alerts-payload-samples
    return {
        "text": f'{{"schemaId": "azureMonitorCommonAlertSchema", "data": {{"essentials": {{"alertRule": "r",'
        f' "severity": "Sev3", "signalType": "Metric", "monitorCondition": "{state}", "alertTargetIDs":'
        f' ["{GROUP}/agw-prod"], "configurationItems": ["agw-prod"], "firedDateTime": "2026-03-22T13:58:24Z"}},'
        f' "alertContext": {{"condition": {{"allOf": [{{"metricName": "{metric}", "metricValue": 3.0}}]}}}}}}}}'
    }


def logic_app(state: str, metric: str) -> Event:
    # The same in blocks of one's own: https://docs.slack.dev/reference/block-kit/blocks
    link = f"https://portal.azure.com/#@contoso.com/resource{GROUP}/agw-prod/overview"
    return {
        "text": f"{state}: agw 5xx",
        "blocks": [
            {"type": "header", "text": {"type": "plain_text", "text": f"{state}: agw 5xx"}},
            {"type": "section", "fields": [{"type": "mrkdwn", "text": f"*Metric*\n{metric}"}]},
            {"type": "context", "elements": [{"type": "mrkdwn", "text": "HttpStatusGroup = 5xx"}]},
            {
                "type": "rich_text",
                "elements": [
                    {
                        "type": "rich_text_section",
                        "elements": [{"type": "link", "url": link, "text": "the gateway"}],
                    }
                ],
            },
        ],
    }


def alertmanager(status: str) -> Event:
    # https://github.com/prometheus/alertmanager/blob/main/template/default.tmpl
    title = f"[{status}] GatewayErrors (502 agw-prod azure critical)"
    link = "http://alertmanager.contoso.com/#/alerts?receiver=slack"
    return {"attachments": [{"fallback": f"{title} | {link}", "title": title, "title_link": link}]}


def grafana(status: str, listed: str, alertname: str = "Bad Gateway") -> Event:
    # https://github.com/grafana/grafana/blob/main/pkg/services/ngalert/notifier/channels/default_template.go
    text = (
        f"**{listed}**\n\nValue: [ var='B' labels={{}} value=17 ]\nLabels:\n - alertname = {alertname}\n"
        " - grafana_folder = azure\n - resourceName = agw-prod\nAnnotations:\n - summary = 502 from the gateway\n"
        "Source: https://grafana.contoso.com/alerting/grafana/x1/view?orgId=1\n"
        "Silence: https://grafana.contoso.com/alerting/silence/new?alertmanager=grafana\n"
    )
    title = f"[{status}] {alertname} azure (agw-prod)"
    return {"attachments": [{"title": title, "text": text, "footer": "Grafana v11.1.0"}]}


def kuma(state: str, message: str) -> Event:
    # https://github.com/louislam/uptime-kuma/blob/master/server/notification-providers/slack.js
    said = f"[shop.contoso.com] [{state}] {message}"
    fields = [
        {"type": "mrkdwn", "text": f"*Message*\n{said}"},
        {"type": "mrkdwn", "text": "*Time (UTC)*\n2026-11-27 08:00:00"},
    ]
    return {
        "text": f"Uptime Kuma Alert\n{said}",
        "attachments": [{"blocks": [{"type": "section", "fields": fields}]}],
    }


def openstatus(state: str, status: int) -> Event:
    # https://github.com/openstatusHQ/openstatus, packages/notifications/slack/src/blocks.ts
    fields = [{"type": "mrkdwn", "text": f"*Status*\nstatus code {status}"}]
    return {
        "blocks": [
            {"type": "header", "text": {"type": "plain_text", "text": f"shop {state}"}},
            section("`GET https://shop.contoso.com/cart`"),
            {"type": "section", "fields": fields},
        ]
    }


def said(title: str, text: str = "", link: str = "https://app.monitor.example/i/1") -> Event:
    """An attachment with a title that leads to the monitor."""
    return {"attachments": [{"title": title, "title_link": link, "text": text, "fallback": title}]}


def logic_app_of_a_rule(condition: str, rule: str = "agw-prod 502 backend down") -> Event:
    # github.com/DFE-Digital/terraform-azurerm-logic-app-workflow-slack, webhook/slack-webhook-log-alert.json.tpl
    return {
        "text": f"{rule}: {condition}",
        "attachments": [
            {
                "blocks": [
                    {"type": "header", "text": {"type": "plain_text", "text": rule}},
                    section("_502 responses of the gateway agw-prod_"),
                ]
            }
        ],
    }


def coloured(color: str, text: str = "HTTP 502 on agw-prod") -> Event:
    # A receiver whose own title says no state; only Alertmanager's default colour does:
    # https://github.com/JogeshwarS/test-alert, alert/alertmanager.yml.tpl
    return {
        "attachments": [{"title": "\U0001f525 Alert: GatewayDown", "text": text, "color": color}]
    }


def lowered(status: str, count: str = "") -> Event:
    # The state in the text and a severity in the title, as in https://github.com/kalisio/kargo,
    # configs/prometheus/alertmanager.yml.tpl
    return {
        "attachments": [{"title": "shop", "text": f"{status}{count} 502 from the gateway agw-prod"}]
    }


def with_status(status: str) -> Event:
    # A webhook of Datadog's with fields: https://docs.datadoghq.com/integrations/webhooks/ ($ALERT_TRANSITION)
    fields = [{"title": "Priority", "value": "P1"}, {"title": "Status", "value": status}]
    return {"attachments": [{"title": "agw-prod down: 5xx", "fields": fields}]}


# Where no public template was found, the wording follows the product's own words for a state.
BEGUN = {
    "azure mail": azure_mail("Fired", "Unhealthy Host Count"),
    "azure mail 5xx": azure_mail("Fired", "Response status 5xx"),
    "azure schema": azure_schema("Fired", "UnhealthyHostCount"),
    "azure schema requests": azure_schema("Fired", "FailedRequests"),
    "logic app": logic_app("Fired", "ResponseStatus"),
    "alertmanager": alertmanager("FIRING:2"),
    "grafana": grafana("FIRING:1", "Firing"),
    "grafana, others are over": grafana("FIRING:1, RESOLVED:3", "Firing"),
    "kuma": kuma(":red_circle: Down", "Request failed with status code 502"),
    "kuma emoji": kuma("\U0001f534 Down", "Request failed with status code 504"),
    "openstatus": openstatus("is failing", 502),
    "logic app of a rule": logic_app_of_a_rule("Fired"),
    "red": coloured("danger"),
    "red as events show it": coloured("a30200"),
    "green, but it fires": coloured("good", "[FIRING:1] HTTP 502 on agw-prod"),
    "state in the text": lowered("[FIRING:1]"),
    "state in a field": with_status("Triggered"),
    # https://docs.datadoghq.com/monitors/notify/variables/ (the states of `$ALERT_TRANSITION`)
    "datadog": said("Triggered: [P2] 5xx on Application Gateway", "name:agw-prod,env:prod\n@slack-ops"),
    "datadog again": said("Re-Triggered: 502 rate on {name:agw-prod}"),
    "pagerduty": relayed.pagerduty("Triggered"),
    "pagerduty, an alert's title": relayed.pagerduty("Triggered", "[#4711] [FIRING:1] Errors (502 agw-prod azure)"),
    "pagerduty in a title": said("Triggered #4711: HTTP 502 on agw-prod", "Service: Shop\nUrgency: High"),
    "jira": relayed.jira_alert("Open"),
    "jira, an alert's title": relayed.jira_alert("Open", "[FIRING:1] Errors (502 agw-prod azure)"),
    "opsgenie": relayed.opsgenie("New alert", "Down, HTTP 502"),
    "opsgenie in a title": said("New alert: Unhealthy host count on agw-prod", "Tags: azure\nPriority: P1"),
    "new relic": said("Issue activated: 502 responses on agw-prod", "Priority: CRITICAL"),
    "sentry": said("Downtime detected for https://shop.contoso.com/cart", "Status Code: 502"),
    "better stack": said("New incident: shop.contoso.com", "Cause: Status 502"),
    "pingdom": {"text": "DOWN alert: shop (<http://shop.contoso.com|shop.contoso.com>) is DOWN, HTTP Error 502"},
    "statuscake": {"text": "<https://shop.contoso.com> went down, status code: 502"},
}  # fmt: skip
OVER = {
    "azure mail": azure_mail("Resolved", "Unhealthy Host Count"),
    "azure mail, classic": azure_mail("Deactivated", "Failed Requests"),
    "azure schema": azure_schema("Resolved", "UnhealthyHostCount"),
    "logic app": logic_app("Resolved", "ResponseStatus"),
    "alertmanager": alertmanager("RESOLVED"),
    "grafana": grafana("RESOLVED", "Resolved"),
    "grafana legacy": grafana("OK", "Ok"),
    "kuma": kuma(":white_check_mark: Up", "200 - OK, was status code 502"),
    "kuma emoji": kuma("\u2705 Up", "200 - OK, was status code 502"),
    "openstatus": openstatus("has recovered", 502),
    "logic app of a rule": logic_app_of_a_rule("Resolved"),
    "green": coloured("good"),
    "green as events show it": coloured("2eb886"),
    "green of grafana": coloured("#36a64f"),
    "state in the text": lowered("[RESOLVED]"),
    "state in a field": with_status("Recovered"),
    "datadog": said("Recovered: [P2] 5xx on Application Gateway", "name:agw-prod"),
    "pagerduty": relayed.pagerduty("Resolved"),
    "pagerduty, a title that fires": relayed.pagerduty("Resolved", "[#4711] [FIRING:1] Errors (502 agw-prod azure)"),
    "pagerduty seen": relayed.pagerduty("Acknowledged"),
    "pagerduty in a title": said("Resolved #4711: HTTP 502 on agw-prod"),
    "jira": relayed.jira_alert("Closed"),
    "jira seen": relayed.jira_alert("Acknowledged"),
    "jira, a title that is down": relayed.jira_alert("Closed", "502: agw-prod is down"),
    "jira, a title that fires": relayed.jira_alert("Acknowledged", "[FIRING:1] Errors (502 agw-prod azure)"),
    "jira, somebody's act": relayed.jira_follow_up("acknowledged", "502: agw-prod is down"),
    "jira, another act": relayed.jira_follow_up("added a note to", "[FIRING:1] Errors (502 agw-prod azure)"),
    "opsgenie": relayed.opsgenie("Alert closed", "Down, HTTP 502"),
    "opsgenie, the site's state": relayed.opsgenie("New alert", "Up, HTTP 502"),
    "opsgenie in a title": said("Closed: Unhealthy host count on agw-prod"),
    "new relic": said("Issue closed: 502 responses on agw-prod", "Priority: CRITICAL"),
    "sentry": said("Uptime recovered for https://shop.contoso.com/cart", "It was status code 502"),
    "better stack": said("Automatically resolved: shop.contoso.com", "Cause: Status 502"),
    "pingdom": {"text": "UP alert: shop.contoso.com is UP again, it was HTTP Error 502"},
    "statuscake": {"text": "<https://shop.contoso.com> came back up, status code was: 502"},
}  # fmt: skip
OTHER = {
    "another metric": azure_mail("Fired", "CPU above 80"),
    "a value of 502": azure_schema("Fired", "CurrentConnections")
    | {"blocks": [section("value 502")]},
    "no data": grafana("FIRING:1", "Firing", "DatasourceNoData"),
    "no data at all": said("No data: 5xx on Application Gateway", "name:agw-prod"),
    "query failed": grafana("FIRING:1", "Firing", "DatasourceError"),
    "another status": kuma(":red_circle: Down", "Request failed with status code 404"),
    "a deployment": said("Deployed build 502 to agw-prod", "by Ada"),
    "a runbook": said("Updated: runbook for 502 on agw-prod"),
}


def named(event: Event) -> str | None:
    """The first gateway that is known, of the names that are tried."""
    for name in alert(shown(event), green=is_green(event))[:MOST_IN_ALERT]:
        found, _ = find(parse_target(name), GATEWAYS)
        if found:
            return found[0].name
    return None


@pytest.mark.parametrize("event", BEGUN.values(), ids=BEGUN.keys())
def test_what_has_begun_is_heard_with_its_gateway(event: Event) -> None:
    assert named(event) == "agw-prod"


@pytest.mark.parametrize("event", OVER.values(), ids=OVER.keys())
def test_what_is_over_is_let_pass(event: Event) -> None:
    assert alert(shown(event), green=is_green(event)) == ()


@pytest.mark.parametrize("event", OTHER.values(), ids=OTHER.keys())
def test_what_is_no_502_is_let_pass(event: Event) -> None:
    assert alert(shown(event), green=is_green(event)) == ()


def test_links_are_read_after_what_is_written_and_no_more_than_slack_allows() -> None:
    event = said("Triggered: 502", "on agw-prod", link="https://monitor.example/shop")
    assert shown(event) == "Triggered: 502\non agw-prod\nhttps://monitor.example/shop"
    worded = {"text": "502 on <https://portal.example/agw-prod|agw-prod>, see <https://a.example>"}
    assert (
        shown(worded) == "502 on agw-prod, see <https://a.example>\nhttps://portal.example/agw-prod"
    )
    assert (
        len(shown({"text": "x" * 100_000, "attachments": [{"text": "y" * 100_000}]})) == MOST_SHOWN
    )


def test_what_is_nested_without_end_is_not_followed() -> None:
    event: Event = {"text": "top"}
    inner = event
    for _ in range(3000):
        inner["blocks"] = [{"text": ""}]
        inner = inner["blocks"][0]
    inner["text"] = "bottom"
    assert shown(event) == "top"


@pytest.mark.parametrize(("state", "cards"), [("FIRING:1", 1), ("RESOLVED", 0)])
async def test_an_alert_in_a_channel_is_answered_while_it_fires(
    tmp_path: Path, state: str, cards: int
) -> None:
    title = f"[{state}] GatewayErrors (502 agw-test azure)"
    event: Event = {
        "type": "message",
        "subtype": "bot_message",
        "bot_id": "B0AM",
        "channel": INCIDENTS,
    }
    event |= {
        "ts": f"{make.NOW.timestamp():.6f}",
        "text": "",
        "attachments": [{"title": title, "fallback": title}],
    }
    body = {"type": "event_callback", "team_id": "T0LAB", "event": event}
    async with open_bench(tmp_path, alert_bots=frozenset({"B0AM"})) as bench:
        request = AsyncBoltRequest(mode="socket_mode", body=body)
        assert (await bench.app.async_dispatch(request)).status == 200
        if cards:
            await bench.card(lambda it: "evidence" in buttons(it))
        await bench.idle()
        assert len(bench.cards()) == cards
