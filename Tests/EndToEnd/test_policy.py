# SPDX-License-Identifier: EUPL-1.2
"""Torhaus: the rules decide: hours, zones, guardrails, what may pass, and what becomes of sessions that run."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from rig import tsgu
from rig.accounts import Person, change
from rig.policy import closed_now, now, open_now, put_guardrails, put_rows, reload
from rig.portal import Portal, Response
from rig.processes import RigFailure, wait_until
from rig.relay import EchoDesktop
from rig.torhaus import DesktopEntry, Pool, Torhaus
from rig.tsgu import Refused, Tunnel
from rig.workspace import Workspace

DISABLE_CLIPBOARD, DISABLE_PRINTER, DISABLE_ALL = 0x8, 0x2, 0x4000_0000
# A whole network of loopback is the town hall.
HALL, ELSEWHERE = "127.0.7.5", "127.0.9.5"
ZONES = [{"name": "rathaus", "networks": ["127.0.7.0/24"]}]
CLIPBOARD = ["clipboard-in", "clipboard-out", "print"]

NO_GUARDRAILS = "// Nothing yet.\n"
SENSITIVE = """
@id("no-clipboard-of-sensitive-data")
forbid (principal, action in [Gw::Action::"clipboardIn", Gw::Action::"clipboardOut"], resource)
when { resource.sensitive };
"""


def label(desktop: str) -> str:
    return f"{desktop.split('/')[-1]}.desktops.example"


BUERO, KASSE, DIENST = "rhoenblick/buero/rb-echo", "rhoenblick/kasse/rk-echo", "rhoenblick/dienst/rd-echo"


@pytest.fixture(scope="module")
def ruled(ground: Workspace, executables, echo: EchoDesktop):
    """A county with rows, zones and guardrails."""
    pools = [
        Pool("rhoenblick", "buero", [DesktopEntry("rb-echo", label(BUERO), rdp=echo.port)]),
        Pool("rhoenblick", "kasse", [DesktopEntry("rk-echo", label(KASSE), rdp=echo.port)], {"sensitive": True}),
        Pool("rhoenblick", "dienst", [DesktopEntry("rd-echo", label(DIENST), rdp=echo.port)]),
    ]
    system = Torhaus(ground, executables, "ruled", pools, zones=ZONES, paths={"policies": "policies"})
    put_guardrails(system, NO_GUARDRAILS)
    with system:
        yield system


@pytest.fixture
def rules(ruled: Torhaus):
    """Puts rules in force for one test, and the usual ones back."""

    def put(*rows: dict, guardrails: str = NO_GUARDRAILS) -> None:
        put_rows(ruled, "rhoenblick", list(rows))
        put_guardrails(ruled, guardrails)
        reload(ruled)

    yield put
    put()


def reference(response: Response) -> str:
    found = re.search(r"R-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{2}", response.text)
    assert found, response.text[-3000:]
    return found[0]


def ask(portal: Portal, desktop: str) -> Response:
    """Presses the button for a desktop that may not be listed any more."""
    page = portal.get("/desktops").page
    token = next(form.fields for form in page.forms if form.identity == "sign-out")
    return portal.request("POST", "/desktops/open", {**token, "desktop": desktop, "way": "client"})


def test_inside_the_hours_the_desktop_opens(ruled: Torhaus, rules, erika: Person):
    rules({"name": "alltag", "pools": ["buero"], "hours": open_now(), "may": CLIPBOARD})
    portal = Portal(ruled.address).signed_in(erika)
    before = ruled.audit.last()
    with Tunnel(ruled.address) as tunnel:
        tunnel.handshake()
        tunnel.create(portal.ticket(BUERO))
        flags, _ = tunnel.authorize()
        assert not flags & (DISABLE_CLIPBOARD | DISABLE_PRINTER | DISABLE_ALL), hex(flags)
        tunnel.open([label(BUERO)])
        tunnel.echo(b"x")
    opened = ruled.audit.wait_for("session.opened", after=before)
    assert opened["policy_rule"] == "rhoenblick/access/alltag"
    assert opened["policy_version"] in ruled.operator("status")


def test_outside_the_hours_it_says_when_and_the_operator_learns_why(ruled: Torhaus, rules, erika: Person):
    closed = closed_now()
    rules({"name": "alltag", "pools": ["buero"], "hours": closed})
    portal = Portal(ruled.address).signed_in(erika)
    listed = portal.get("/desktops")
    assert f"nur zu diesen Zeiten freigegeben: {closed} Uhr" in listed.text, listed.text[:4000]
    assert not listed.page.desktops.get(BUERO), "a desktop that is closed has no button"
    before = ruled.audit.last()
    refused = ask(portal, BUERO)
    assert "nur zu diesen Zeiten freigegeben" in refused.text
    event = ruled.audit.wait_for("ticket.refused", after=before, reason_code="outside-hours")
    why = ruled.operator("why", reference(refused))
    assert event["reference"] == reference(refused)
    for wanted in (
        "rule: rhoenblick/access/alltag", f"rules: {event['policy_version']}", "reason: outside-hours",
        "nearly allowed by rhoenblick/access/alltag", "rhoenblick.yaml:", "context.local.minute = ",
        "zone internet", "second factor totp",
    ):  # fmt: skip
        assert wanted in why, why


def test_a_withdrawn_rule_ends_the_session(ruled: Torhaus, rules, erika: Person):
    rules({"name": "alltag", "pools": ["buero"], "may": CLIPBOARD})
    ticket = Portal(ruled.address).signed_in(erika).ticket(BUERO)
    with Tunnel(ruled.address) as tunnel:
        tunnel.establish(ticket, label(BUERO)).echo(b"x")
        before = ruled.audit.last()
        start = time.monotonic()
        rules({"name": "andere", "pools": ["buero"], "who": [ruled.ground.accounts.group("others")]})
        code = tunnel.wait_for_close()
        assert time.monotonic() - start < 8, "a withdrawn rule has to end sessions at once"
    assert code == tsgu.E_PROXY_REAUTH_RAP_FAILED
    assert any(text.startswith("Dieser Arbeitsplatz ist für Sie nicht freigegeben.") for text in tunnel.service_messages)
    refused = ruled.audit.wait_for("session.refused", after=before, reason_code="not-in-group")
    assert refused["reference"] in tunnel.service_messages[-1]
    ended = ruled.audit.wait_for("session.ended", after=before)
    assert ended["reason_code"] == "access-withdrawn"
    with Tunnel(ruled.address) as again, pytest.raises(Refused):
        again.establish(ticket, label(BUERO))


def test_other_rows_leave_a_session_alone(ruled: Torhaus, rules, erika: Person):
    rules({"name": "alltag", "pools": ["buero"]})
    ticket = Portal(ruled.address).signed_in(erika).ticket(BUERO)
    with Tunnel(ruled.address) as tunnel:
        tunnel.establish(ticket, label(BUERO)).echo(b"x")
        rules({"name": "neu", "pools": ["buero"], "hours": open_now(120)})
        time.sleep(2.5)
        tunnel.echo(b"the session goes on")
        assert not tunnel.service_messages


def test_a_closing_window_warns_and_ends_as_a_limit(ruled: Torhaus, rules, erika: Person):
    """The hours end with the next whole minute but one at the latest, so both warnings are one."""
    if now().second > 40:
        time.sleep(62 - now().second)
    rules({"name": "kurz", "pools": ["buero"], "hours": open_now(1.0)})
    end = now().replace(second=0, microsecond=0).timestamp() + 60
    ticket = Portal(ruled.address).signed_in(erika).ticket(BUERO)
    with Tunnel(ruled.address, timeout=90) as tunnel:
        tunnel.establish(ticket, label(BUERO)).echo(b"x")
        code = tunnel.wait_for_close()
        late = time.time() - end
    assert code == tsgu.E_PROXY_SESSIONTIMEOUT
    assert -0.5 <= late < 6, f"the session ended {late:.1f} s after the hours did"
    warning, reason = tunnel.service_messages
    assert re.fullmatch(
        r"Der Arbeitsplatz „.*“ schließt um \d\d:\d\d Uhr, in (einer Minute|\d Minuten)\. "
        r"Bitte speichern Sie Ihre Arbeit und melden Sie sich ab\.", warning,
    ), warning  # fmt: skip
    assert "nur zu diesen Zeiten freigegeben" in reason


def test_whoever_leaves_the_group_gets_no_new_desktop(ruled: Torhaus, rules, ground: Workspace):
    """She signed in as a member; a minute later she is none."""
    group = ground.accounts.group("heim")
    person = ground.accounts.person([ground.accounts.group("rhoenblick"), group])
    rules({"name": "heim", "pools": ["buero"], "who": [group]})
    portal = Portal(ruled.address).signed_in(person)
    assert portal.ticket(BUERO)
    change("gpasswd", "--delete", person.user, group)
    wait_until("the desktop is gone from the list", lambda: BUERO not in portal.get("/desktops").page.desktops, 75, every=5)
    assert "nicht freigegeben" in ask(portal, BUERO).text


def test_a_sensitive_pool_has_no_clipboard(ruled: Torhaus, rules, erika: Person):
    rules({"name": "alles", "may": CLIPBOARD}, guardrails=SENSITIVE)
    portal = Portal(ruled.address).signed_in(erika)
    for desktop, forbidden in ((BUERO, False), (KASSE, True)):
        file = portal.rdp_file(desktop)
        assert file["redirectclipboard"] == ("0" if forbidden else "1")
        assert file["redirectprinters"] == "1"
        with Tunnel(ruled.address) as tunnel:
            tunnel.handshake()
            tunnel.create(file["gatewayaccesstoken"])
            flags, _ = tunnel.authorize()
            assert bool(flags & DISABLE_CLIPBOARD) == forbidden, hex(flags)
            assert not flags & DISABLE_PRINTER


def test_one_direction_of_the_clipboard_is_not_enough_for_the_protocol(ruled: Torhaus, rules, erika: Person):
    rules({"name": "hinein", "may": ["clipboard-in", "print"]})
    assert Portal(ruled.address).signed_in(erika).rdp_file(BUERO)["redirectclipboard"] == "0"


def test_a_rule_for_the_town_hall(ruled: Torhaus, rules, erika: Person):
    rules({"name": "rathaus", "pools": ["dienst"], "from": ["rathaus"]}, {"name": "alle", "pools": ["buero", "kasse"]})
    inside = Portal(ruled.address, source=HALL).signed_in(erika)
    ticket = inside.ticket(DIENST)
    outside = Portal(ruled.address, source=ELSEWHERE)
    outside.cookies = dict(inside.cookies)
    assert "aus Ihrem jetzigen Netz nicht freigegeben" in outside.get("/desktops").text
    # The ticket of the town hall is of no use elsewhere: the gate's own address counts again when it is used.
    with Tunnel(ruled.address, source=ELSEWHERE) as tunnel, pytest.raises(Refused):
        tunnel.establish(ticket, label(DIENST))
    with Tunnel(ruled.address, source=HALL) as tunnel:
        tunnel.establish(ticket, label(DIENST)).echo(b"x")


def test_a_guardrail_wins_over_the_row_that_allows(ruled: Torhaus, rules, erika: Person, jonas: Person):
    closed = """
    @id("kasse-closed")
    forbid (principal, action in Gw::Action::"session", resource in Gw::DesktopPool::"rhoenblick/kasse");
    """
    rules({"name": "alles"}, guardrails=closed)
    portal = Portal(ruled.address).signed_in(erika)
    assert "nach den Regeln des Landkreises zurzeit gesperrt" in portal.get("/desktops").text
    before = ruled.audit.last()
    refused = ask(portal, KASSE)
    event = ruled.audit.wait_for("ticket.refused", after=before, desktop=KASSE)
    assert (event["reason_code"], event["policy_rule"]) == ("guardrail", "policies/kasse-closed")
    assert "forbidden by policies/kasse-closed" in ruled.operator("why", reference(refused))
    assert portal.ticket(BUERO), "the rest stays open"


@contextmanager
def keys(system: Torhaus, holders: str) -> Iterator[None]:
    """A stack in which membership in a group stands for the key at hand; whoever has none is asked for a code."""
    mark = system.configuration.parent / "factor-webauthn.conf"
    mark.write_text("TORHAUS_SECOND_FACTOR DEFAULT=webauthn\n")
    code, account = "auth     required pam_oath.so", "account  required pam_unix.so"
    key = f"auth     [success=2 default=ignore] pam_succeed_if.so quiet user ingroup {holders}"
    marks = f"auth     [success=1 default=ignore] pam_permit.so\nauth     optional pam_env.so readenv=0 conffile={mark}"
    with system.pam(code, f"{key}\n{code}"), system.pam(account, f"{marks}\n{account}"):
        yield


def test_a_desktop_for_keys_opens_to_a_key_and_to_no_code(ruled: Torhaus, rules, ground: Workspace, erika: Person):
    rules({"name": "kasse", "pools": ["kasse"], "factor": "webauthn"}, {"name": "alltag", "pools": ["buero"]})
    members, holders = ground.accounts.group("rhoenblick"), ground.accounts.group("keys")
    with keys(ruled, holders):
        portal = Portal(ruled.address).signed_in(erika)
        listed = portal.get("/desktops")
        assert "Dafür ist eine Anmeldung mit Sicherheitsschlüssel nötig." in listed.text, listed.text[:4000]
        assert not listed.page.desktops.get(KASSE) and listed.page.desktops[BUERO]
        before = ruled.audit.last()
        refused = ask(portal, KASSE)
        assert ruled.audit.wait_for("ticket.refused", after=before, reason_code="second-factor")["desktop"] == KASSE
        assert "second factor totp" in ruled.operator("why", reference(refused))

        before = ruled.audit.last()
        holder = Portal(ruled.address).signed_in(ground.accounts.person([members, holders]))
        assert ruled.audit.wait_for("sign-in.succeeded", after=before)["auth_factors"] == ["password", "webauthn"]
    # What was stored of the sign-in says it, too.
    ruled.restart_control()
    with Tunnel(ruled.address) as tunnel:
        tunnel.establish(holder.ticket(KASSE), label(KASSE)).echo(b"x")
    assert not portal.get("/desktops").page.desktops.get(KASSE)


def test_a_guardrail_at_the_door(ruled: Torhaus, rules, erika: Person):
    door = """
    @id("only-from-the-hall") @reason("zone")
    forbid (principal, action == Gw::Action::"login", resource) unless { context.zone in Gw::Zone::"rathaus" };
    """
    rules({"name": "alles"}, guardrails=door)
    response = Portal(ruled.address, source=ELSEWHERE).sign_in(erika)
    assert response.status == 403
    assert "Aus diesem Netz ist keine Anmeldung erlaubt." in response.text
    assert "forbidden by policies/only-from-the-hall" in ruled.operator("why", reference(response))


def test_wrong_rules_change_nothing_and_everybody_is_told(ruled: Torhaus, rules, erika: Person):
    rules({"name": "alles"})
    good = ruled.operator("status")
    put_guardrails(ruled, "@id(\"typo\")\nforbid (principal, action, resource) when { context.zoen == 1 };\n")
    rejected = reload(ruled, "configuration.rejected")
    assert rejected["target"].endswith("policies/county.cedar") and rejected["line"] == 2
    status = ruled.operator("status")
    assert "REJECTED, the old ones stay in force" in status and "county.cedar:2" in status
    rules_line = next(line for line in good.splitlines() if line.startswith("rules: "))
    assert rules_line in status
    with pytest.raises(RigFailure):
        ruled.operator("check", "--skip-certificates")
    assert Portal(ruled.address).signed_in(erika).ticket(BUERO)
    put_guardrails(ruled, NO_GUARDRAILS)
    reload(ruled)
    assert "REJECTED" not in ruled.operator("status")


def test_a_rule_that_cannot_be_evaluated_keeps_people_out(ruled: Torhaus, rules, erika: Person):
    overflow = """
    @id("overflow")
    forbid (principal, action in Gw::Action::"session", resource)
    when { context.local.minute + 9223372036854775807 < 0 };
    """
    rules({"name": "alles"}, guardrails=overflow)
    before = ruled.audit.last()
    portal = Portal(ruled.address).signed_in(erika)
    assert "konnten nicht geprüft werden" in portal.get("/desktops").text
    fault = ruled.audit.wait_for("policy.fault", after=before)
    assert fault["policy_rule"] == "policies/overflow"
