# SPDX-License-Identifier: EUPL-1.2
"""Torhaus: signing in, and everything that must not let anybody in."""

from __future__ import annotations

import os
import signal
import statistics
import time

import pytest

from rig.accounts import Person
from rig.portal import Portal
from rig.processes import wait_until
from rig.records import PSEUDONYM
from rig.torhaus import Torhaus
from rig.workspace import Workspace


def refused(portal: Portal, response) -> str:
    """The sentence of a refused sign-in, without its reference."""
    assert response.status in (200, 401, 403, 422), response.head
    texts = response.page.texts
    assert texts.get("error", "").strip(), response.text[:2000]
    assert texts.get("reference", "").strip(), response.text[:2000]
    assert portal.get("/desktops").head.one("location") == "/sign-in"
    return texts["error"].replace(texts["reference"], "").strip()


def test_password_and_code_open_the_portal(system: Torhaus, erika: Person):
    before = system.audit.last()
    portal = Portal(system.address).signed_in(erika)
    page = portal.get("/desktops").page
    assert set(page.desktops) == {f"rhoenblick/buero/rb-{name}" for name in ("01", "02", "echo", "dead")}
    assert page.desktops["rhoenblick/buero/rb-01"] == {"client"}
    assert page.desktops["rhoenblick/buero/rb-echo"] == {"client", "browser"}
    event = system.audit.wait_for("sign-in.succeeded", after=before)
    assert event["src_ip"] == "127.0.0.1" and event["outcome"] == "success", event
    assert PSEUDONYM.fullmatch(event["actor"]), event


def test_a_changed_password_is_on_record_with_whose_it_is(system: Torhaus, ground: Workspace):
    person = ground.accounts.person([ground.accounts.group("rhoenblick")], expired=True)
    before = system.audit.last()
    portal = Portal(system.address)
    response = portal.change_password(portal.sign_in(person), person, "Neues-Passwort-für-2027")
    assert (response.status, response.head.one("location")) == (303, "/desktops?notice=password-changed"), response.text[:2000]
    changed = system.audit.wait_for("password.changed", after=before)
    entered = system.audit.wait_for("sign-in.succeeded", after=before)
    assert PSEUDONYM.fullmatch(changed["actor"]) and changed["actor_kind"] == "person", changed
    for key in ("actor", "municipality", "src_ip", "correlation_id"):
        assert changed[key] == entered[key], (key, changed, entered)
    assert changed["seq"] < entered["seq"]
    text = system.audit.text()
    assert person.user not in text and "Neues-Passwort" not in text


def test_a_password_that_is_changed_and_then_leads_nowhere_is_on_record(system: Torhaus, ground: Workspace):
    """Whoever belongs to no municipality is refused behind PAM; the password is changed all the same."""
    person = ground.accounts.person([ground.accounts.group("nobodys")], expired=True)
    before = system.audit.last()
    portal = Portal(system.address)
    response = portal.change_password(portal.sign_in(person), person, "Neues-Passwort-für-2027")
    assert response.status == 403, response.head
    changed = system.audit.wait_for("password.changed", after=before)
    refused = system.audit.wait_for("sign-in.refused", after=before)
    assert PSEUDONYM.fullmatch(changed["actor"]) and changed["actor"] == refused["actor"], (changed, refused)
    assert "municipality" not in changed


def test_a_password_that_is_changed_before_pam_fails_is_on_record(system: Torhaus, ground: Workspace):
    person = ground.accounts.person([ground.accounts.group("rhoenblick")], expired=True)
    before = system.audit.last()
    portal = Portal(system.address)
    with system.pam("account ", "auth     required pam_debug.so cred=cred_err\naccount "):
        response = portal.change_password(portal.sign_in(person), person, "Neues-Passwort-für-2027")
    assert response.status == 503 and response.page.texts["error"].strip(), response.head
    changed = system.audit.wait_for("password.changed", after=before)
    failed = system.audit.wait_for("sign-in.failed", after=before)
    for key in ("actor", "correlation_id"):
        assert changed[key] == failed[key], (key, changed, failed)
    assert PSEUDONYM.fullmatch(changed["actor"]) and changed["seq"] < failed["seq"], (changed, failed)
    # It was no empty word: the new one is good.
    response = Portal(system.address).sign_in(person, "Neues-Passwort-für-2027", person.code(30))
    assert (response.status, response.head.one("location")) == (303, "/desktops"), response.text[:2000]


def test_a_wrong_new_password_is_no_change(system: Torhaus, ground: Workspace):
    person = ground.accounts.person([ground.accounts.group("rhoenblick")], expired=True)
    before = system.audit.last()
    portal = Portal(system.address)
    response = portal.change_password(portal.sign_in(person), person, "")
    assert response.status == 403 and response.page.texts["error"].strip(), response.head
    failed = system.audit.wait_for("sign-in.failed", after=before)
    assert not [event for event in system.audit.events() if event["event"] == "password.changed" and event["seq"] > before]
    assert failed["outcome"] == "failure"


def test_the_cookie_is_bound_to_the_host_and_out_of_reach(system: Torhaus, erika: Person):
    portal = Portal(system.address)
    response = portal.sign_in(erika)
    cookies = response.head.fields["set-cookie"]
    session = next(cookie for cookie in cookies if cookie.startswith("__Host-torhaus="))
    flags = {part.strip().lower() for part in session.split(";")[1:]}
    assert {"secure", "httponly", "path=/"} <= flags and flags & {"samesite=strict", "samesite=lax"}, session
    assert not any(flag.startswith("domain") for flag in flags)


def test_nothing_tells_which_part_was_wrong(system: Torhaus, ground: Workspace):
    """Wrong password, wrong code, unknown name: the same words, the same status, about the same time."""
    group = ground.accounts.group("rhoenblick")
    sentences, statuses, seconds = [], [], []
    unknown = Person("thx-nobody", "x", "00" * 20)
    for person, wrong in [
        (ground.accounts.person([group]), {"password": "wrong"}),
        (ground.accounts.person([group]), {"code": "000000"}),
        (unknown, {}),
    ]:
        portal = Portal(system.address)
        start = time.monotonic()
        response = portal.sign_in(person, **wrong)
        seconds.append(time.monotonic() - start)
        sentences.append(refused(portal, response))
        statuses.append(response.status)
    assert len(set(sentences)) == 1 and len(set(statuses)) == 1, (sentences, statuses)
    assert min(seconds) >= 1.0, f"a failure was answered before the floor of one second: {seconds}"
    assert max(seconds) - min(seconds) < 1.5, seconds


def test_a_code_works_once(system: Torhaus, erika: Person):
    code = erika.code()
    first = Portal(system.address).sign_in(erika, code=code)
    assert first.status == 303
    portal = Portal(system.address)
    refused(portal, portal.sign_in(erika, code=code))


def test_names_of_people_who_failed_are_not_kept_when_unknown(system: Torhaus):
    portal = Portal(system.address)
    secret_looking = "hunter2-typed-into-the-name-field"
    refused(portal, portal.sign_in(Person(secret_looking, "x", "00" * 20), code="123456"))
    system.audit.wait_for("sign-in.failed")
    assert secret_looking not in system.audit.text()
    for log in (system.gate.log, system.control.log, system.auth.log, system.auditd.log):
        assert secret_looking not in log.read_text(errors="replace"), log


def test_forms_want_their_hidden_value(system: Torhaus, erika: Person):
    portal = Portal(system.address)
    form = portal.get("/sign-in").page.form("sign-in")
    hidden = [name for name in form.fields if name not in ("username",)]
    assert hidden, "no hidden field in the sign-in form"
    response = portal.submit(form, username=erika.user, **{hidden[0]: "x" * 43})
    assert response.status in (400, 403), response.head
    signed_in = Portal(system.address).signed_in(erika)
    out = signed_in.get("/desktops").page.form("sign-out")
    assert signed_in.request("POST", "/sign-out", {}).status in (400, 403)
    assert signed_in.get("/desktops").status == 200, "a request without the hidden value signed the person out"
    assert signed_in.submit(out).status == 303


def test_a_foreign_origin_may_not_post(system: Torhaus, erika: Person):
    portal = Portal(system.address).signed_in(erika)
    form = portal.get("/desktops").page.form("sign-out")
    body_fields = {**form.fields}
    import urllib.parse

    from rig.line import Line

    body = urllib.parse.urlencode(body_fields).encode()
    head = (f"POST /sign-out HTTP/1.1\r\nHost: localhost:{system.port}\r\nOrigin: https://evil.example\r\n"
            f"Sec-Fetch-Site: cross-site\r\nContent-Type: application/x-www-form-urlencoded\r\nConnection: close\r\n"
            f"Cookie: {'; '.join(f'{k}={v}' for k, v in portal.cookies.items())}\r\nContent-Length: {len(body)}\r\n\r\n")  # fmt: skip
    with Line(system.address) as line:
        line.send(head.encode() + body)
        assert line.read_head().status in (400, 403)
    assert portal.get("/desktops").status == 200


def test_a_killed_auth_worker_costs_only_the_sign_in_in_progress(system: Torhaus, erika: Person, ground: Workspace):
    portal = Portal(system.address)
    before = set(system.auth_workers())
    response = portal.begin(erika.user)
    assert response.page.has_form("answers")
    assert before, "torhaus-authd has no workers"
    for pid in system.auth_workers():
        os.kill(pid, signal.SIGKILL)
    broken = portal.answer(response, erika.password)
    assert broken.status in (200, 303, 401, 403, 410, 422, 503), broken.head
    assert portal.get("/desktops").head.one("location") == "/sign-in"
    assert system.auth.running, "the master ended with its worker"
    wait_until("new workers", lambda: set(system.auth_workers()) - before, 10)
    Portal(system.address).signed_in(ground.accounts.person([ground.accounts.group("rhoenblick")]))


def test_a_restarted_auth_daemon_is_found_again(system: Torhaus, erika: Person):
    system.auth.kill()
    portal = Portal(system.address)
    response = portal.begin(erika.user)
    assert response.status in (200, 503), response.head
    assert not response.page.has_form("answers")
    system.auth.stop()
    system.start_auth()
    wait_until("auth.sock answers again", lambda: Portal(system.address).begin(erika.user).page.has_form("answers"), 15)
    Portal(system.address).signed_in(erika)


def test_the_web_session_survives_a_restart_of_the_control_plane(system: Torhaus, portal: Portal):
    system.restart_control()
    assert portal.get("/desktops").status == 200


@pytest.mark.parametrize("path", ["/desktops", "/desktops/open", "/desktop", "/session/extend"])
def test_nothing_is_shown_without_a_session(system: Torhaus, path: str):
    portal = Portal(system.address)
    response = portal.get(path)
    for _ in range(3):
        if response.status != 303:
            break
        path = response.head.one("location") or ""
        response = portal.get(path)
    assert path == "/sign-in" or response.status in (401, 404, 405), response.head


def test_failures_take_about_the_same_time(system: Torhaus, ground: Workspace):
    """Three of each kind: the means may not differ by more than the jitter explains.

    A person in pam_oath's file has one question more, which waits for a quarter of the floor: the GAP of docs/sign-in.md.
    """
    question = 0.25
    group = ground.accounts.group("rhoenblick")
    known, unknown = [], []
    for number in range(3):
        for seconds, person in ((known, ground.accounts.person([group])), (unknown, Person(f"thx-none{number}", "x", "00" * 20))):
            start = time.monotonic()
            Portal(system.address).sign_in(person, password="wrong", code="000000")
            seconds.append(time.monotonic() - start)
    assert abs(statistics.mean(known) - question - statistics.mean(unknown)) < 0.25, (known, unknown)
