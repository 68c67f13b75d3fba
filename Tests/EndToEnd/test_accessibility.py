# SPDX-License-Identifier: EUPL-1.2
"""Torhaus: axe-core finds nothing on any page: light, dark, and on a screen of 320 pixels."""

from __future__ import annotations

import pytest

from rig.accounts import Person
from rig.browser import Browser
from rig.torhaus import Torhaus
from rig.workspace import Workspace

LOOKS = {"light": {}, "dark": {"dark": True}, "narrow": {"width": 320, "height": 640}}


@pytest.fixture(params=LOOKS)
def view(request, ground: Workspace):
    with Browser(ground.place("browser"), ground.authority.pem, **LOOKS[request.param]) as browser:
        yield browser, request.param


def check(browser: Browser, look: str) -> None:
    where = browser.driver.current_url
    assert browser.axe() == [], where
    width, content = browser.driver.execute_script("return [document.documentElement.clientWidth, document.documentElement.scrollWidth]")
    assert content <= width, f"{where} scrolls sideways: {content} > {width}"
    assert browser.find("html").get_attribute("lang").startswith("de"), where
    if look == "dark":
        red, green, blue = browser.driver.execute_script("return getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number)")[:3]
        assert red + green + blue < 384, f"{where} is not dark: {red} {green} {blue}"


def test_every_page(system: Torhaus, view, erika: Person, ground: Workspace):
    browser, look = view
    for path in ("/sign-in", "/hilfe", "/barrierefreiheit", "/leichte-sprache", "/no-such-page"):
        browser.open(system.url + path)
        check(browser, look)
    # The question page and the page after a mistake.
    browser.open(f"{system.url}/sign-in")
    browser.find("#username").send_keys(erika.user)
    browser.find("#continue").click()
    browser.wait_for("form#answers")
    check(browser, look)
    browser.driver.delete_all_cookies()
    wrong = ground.accounts.person([ground.accounts.group("rhoenblick")])
    browser.sign_in(system.url, wrong, password="wrong", code="000000")
    browser.wait_for("#error")
    check(browser, look)
    browser.driver.delete_all_cookies()
    browser.sign_in(system.url, erika)
    browser.wait_for("[data-desktop]")
    check(browser, look)


def test_the_browser_desktop(system: Torhaus, desktops, view, jonas: Person):
    browser, look = view
    browser.sign_in(system.url, jonas)
    browser.press("schmalkalden/verwaltung/sm-01", "browser")
    browser.canvas()
    assert browser.axe() == []


def test_the_keyboard_alone_is_enough(system: Torhaus, browser: Browser, erika: Person):
    """From the address bar to the list of desktops without a mouse."""
    from selenium.webdriver.common.action_chains import ActionChains
    from selenium.webdriver.common.keys import Keys

    browser.open(f"{system.url}/sign-in")
    for _ in range(10):
        if browser.driver.switch_to.active_element.get_attribute("id") == "username":
            break
        ActionChains(browser.driver).send_keys(Keys.TAB).perform()
    ActionChains(browser.driver).send_keys(erika.user, Keys.RETURN).perform()
    for secret in (erika.password, erika.code()):
        browser.wait_for("form#answers")
        for _ in range(10):
            if (browser.driver.switch_to.active_element.get_attribute("id") or "").startswith("answer-"):
                break
            ActionChains(browser.driver).send_keys(Keys.TAB).perform()
        field = browser.driver.switch_to.active_element
        field.send_keys(secret, Keys.RETURN)
        from rig.browser import is_stale
        from rig.processes import wait_until

        wait_until("the next page", lambda old=field: is_stale(old), 20)
    assert browser.driver.current_url.endswith("/desktops")
    ActionChains(browser.driver).send_keys(Keys.TAB).perform()
    focused = browser.driver.switch_to.active_element
    assert focused.value_of_css_property("outline-style") != "none", "the focused element has no visible frame"
