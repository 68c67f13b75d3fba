# SPDX-License-Identifier: EUPL-1.2
"""Torhaus: the whole way in a browser, from the name field to a desktop that answers."""

from __future__ import annotations

from selenium.webdriver.common.keys import Keys

from rig.accounts import Person
from rig.browser import Browser, is_stale
from rig.portal import RDPFile
from rig.processes import wait_until
from rig.torhaus import Torhaus
from rig.workspace import DESKTOP_PASSWORD, Desktops, Workspace
from rig.xfreerdp import NativeClient

UMLAUTS = "Grüße aus Rhönblick: äöüß ÄÖÜ € @ | {[]} ~ \\ µ"


def test_from_sign_in_to_the_desktop_with_the_own_client(
    ground: Workspace, desktops: Desktops, system: Torhaus, browser: Browser, erika: Person
):
    browser.open(system.url)
    assert browser.driver.current_url.endswith("/sign-in"), browser.driver.current_url
    browser.sign_in(system.url, erika)
    assert browser.driver.current_url.endswith("/desktops"), browser.driver.page_source[:3000]
    assert "Rhönblick" in browser.find("body").text
    assert "Schmalkalden" not in browser.find("body").text, "another municipality's desktops are listed"

    browser.press("rhoenblick/buero/rb-01", "client")
    path = browser.downloaded()
    file = RDPFile(path.read_bytes())
    assert len(file["gatewayaccesstoken"]) == 26

    arguments = [path, f"/u:{ground.desktop_user}", f"/p:{DESKTOP_PASSWORD}"]
    with NativeClient(ground.place("client"), ground.authority.pem, arguments) as client:
        client.wait_for_desktop(desktops.xrdp.name, desktops.xrdp.last_line())
        client.type_line("from the portal to the desktop")
        desktops.xrdp.wait_for_typed("from the portal to the desktop")
        client.wait_for_desktop(desktops.xrdp.name, "from the portal to the desktop")
    assert browser.errors() == []


def test_from_sign_in_to_the_desktop_in_the_browser(desktops: Desktops, system: Torhaus, browser: Browser, jonas: Person):
    desktop = desktops.vnc
    browser.sign_in(system.url, jonas)
    browser.press("schmalkalden/verwaltung/sm-01", "browser")
    browser.wait_for_desktop(desktop.name, desktop.last_line())
    for line in ("Umlaute folgen", UMLAUTS):
        browser.type_line(line)
        desktop.wait_for_typed(line)
        browser.wait_for_desktop(desktop.name, line)
    opened = system.audit.wait_for("session.opened", after=-1, desktop="schmalkalden/verwaltung/sm-01")
    assert opened["transport"] == "browser", opened
    assert browser.errors() == []


def test_the_browser_desktop_ends_with_a_sentence_when_the_person_signs_out_elsewhere(
    desktops: Desktops, system: Torhaus, browser: Browser, jonas: Person
):
    browser.sign_in(system.url, jonas)
    browser.press("schmalkalden/verwaltung/sm-01", "browser")
    browser.wait_for_desktop(desktops.vnc.name, desktops.vnc.last_line())
    page = browser.driver.current_window_handle
    browser.driver.switch_to.new_window("tab")
    browser.open(f"{system.url}/desktops")
    browser.find("form#sign-out button").click()
    browser.driver.switch_to.window(page)
    ended = system.audit.wait_for("session.ended", seconds=15, desktop="schmalkalden/verwaltung/sm-01", reason_code="signed-out")
    assert ended["actor"]
    wait_until("the page says that the session ended", lambda: browser.driver.find_elements("css selector", "[role=alert], [role=status], dialog"), 10)


def test_wrong_password_and_wrong_code_look_the_same(system: Torhaus, browser: Browser, ground: Workspace):
    sentences = []
    for wrong in ({"password": "not-this-one"}, {"code": "000000"}):
        person = ground.accounts.person([ground.accounts.group("rhoenblick")])
        browser.sign_in(system.url, person, **wrong)
        assert "/desktops" not in browser.driver.current_url
        sentences.append(browser.wait_for("#error").text.replace(browser.find("#reference").text, ""))
        assert browser.find("#reference").text.strip()
        browser.driver.delete_all_cookies()
    assert sentences[0] == sentences[1] and sentences[0].strip()


def test_an_expired_password_is_changed_on_the_way(ground: Workspace, system: Torhaus, browser: Browser):
    person = ground.accounts.person([ground.accounts.group("rhoenblick")], expired=True)
    browser.sign_in(system.url, person)
    new = "Neues-Passwort-für-2027"
    for _ in range(6):
        fields = browser.driver.find_elements("css selector", "form#answers input[id^=answer-]")
        if not fields:
            break
        for field in fields:
            field.send_keys(new if field.get_attribute("autocomplete") == "new-password" else person.password)
        fields[-1].send_keys(Keys.RETURN)
        wait_until("the next page", lambda old=fields[-1]: is_stale(old), 20)
    browser.open(f"{system.url}/desktops")
    assert browser.has("[data-desktop]"), browser.driver.page_source[:3000]
    # The new one is in force, the old one is not.
    browser.find("form#sign-out button").click()
    browser.driver.delete_all_cookies()
    changed = Person(person.user, new, person.secret)
    browser.sign_in(system.url, changed, code=changed.code(30))
    assert browser.driver.current_url.endswith("/desktops"), browser.driver.page_source[:3000]

