# SPDX-License-Identifier: EUPL-1.2
"""Torhaus: headless Chromium through Selenium, as a person at a branch office uses the portal.

It trusts the run's authority through a certificate database of its own; no certificate error is ever ignored.
"""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement

from .accounts import Person
from .processes import run, wait_until
from .screen import decode, wait_for_desktop

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


class Browser:
    """One Chromium with a profile of its own; stop it with `close`."""

    def __init__(self, folder: Path, trusted: Path, width: int = 1280, height: int = 900, dark: bool = False):
        home = folder / "home"
        database = home / ".pki" / "nssdb"
        database.mkdir(parents=True)
        run("certutil", "-d", f"sql:{database}", "-N", "--empty-password")
        run("certutil", "-d", f"sql:{database}", "-A", "-t", "C,,", "-n", "torhaus-test", "-i", trusted)
        self.downloads = folder / "downloads"
        self.downloads.mkdir()
        options = Options()
        options.binary_location = "/usr/bin/chromium"
        for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--lang=de",
                         f"--user-data-dir={folder / 'profile'}", f"--window-size={width},{height}"):  # fmt: skip
            options.add_argument(argument)
        options.add_experimental_option("prefs", {
            "download.default_directory": str(self.downloads), "download.prompt_for_download": False,
            "intl.accept_languages": "de,en",
        })  # fmt: skip
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        # A locale without umlauts would make Chromium drop the names of downloaded files.
        service = Service("/usr/bin/chromedriver", log_output=str(folder / "chromedriver.log"),
                          env={"HOME": str(home), "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"})  # fmt: skip
        self.driver = webdriver.Chrome(options=options, service=service)
        self.driver.set_page_load_timeout(30)
        if dark:
            self.prefer("dark")
        if width < 500:
            # A window cannot be that narrow; the emulated screen can.
            self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride",
                                        {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False})  # fmt: skip

    def prefer(self, scheme: str) -> None:
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia",
                                    {"features": [{"name": "prefers-color-scheme", "value": scheme}]})  # fmt: skip

    # Pages.

    def open(self, url: str) -> None:
        self.driver.get(url)

    def find(self, selector: str) -> WebElement:
        found = self.driver.find_elements(By.CSS_SELECTOR, selector)
        assert found, f"no {selector} on {self.driver.current_url}:\n{self.driver.page_source[:3000]}"
        return found[0]

    def has(self, selector: str) -> bool:
        return bool(self.driver.find_elements(By.CSS_SELECTOR, selector))

    def wait_for(self, selector: str, seconds: float = 15) -> WebElement:
        wait_until(f"{selector} appears on {self.driver.current_url}", lambda: self.has(selector), seconds)
        return self.find(selector)

    def errors(self) -> list[str]:
        """What the page's console complained about: broken scripts, and what the content policy refused."""
        return [entry["message"] for entry in self.driver.get_log("browser") if entry["level"] == "SEVERE"]

    # The portal.

    def sign_in(self, url: str, person: Person, password: str | None = None, code: str | None = None) -> None:
        """Types name, password and code; the caller looks at what came of it."""
        self.open(f"{url}/sign-in")
        self.find("#username").send_keys(person.user)
        button = self.find("#continue")
        button.click()
        wait_until("the next page", lambda: is_stale(button), 20)
        for secret in (password or person.password, code or person.code()):
            if not self.has("form#answers"):
                return
            field = self.find("#answer-0")
            field.send_keys(secret)
            field.send_keys(Keys.RETURN)
            wait_until("the next page", lambda old=field: is_stale(old), 20)

    def press(self, desktop: str, way: str) -> None:
        button = self.find(f'li[data-desktop="{desktop}"] button[name=way][value={way}]')
        button.click()

    def downloaded(self, suffix: str = ".rdp") -> Path:
        """The file that arrived; waits until it is whole."""

        def whole() -> Path | None:
            # A file under way has another name; its last one belongs to an empty file until then.
            return next((file for file in self.downloads.iterdir() if file.suffix == suffix and file.stat().st_size), None)

        return wait_until(f"a downloaded {suffix} file", whole, 15)

    # The desktop in the browser.

    def canvas(self) -> WebElement:
        return self.wait_for("canvas", 20)

    def wait_for_desktop(self, name: str, line: str, seconds: float = 25) -> None:
        wait_for_desktop(lambda: decode(self.driver.get_screenshot_as_png(), "png"), name, line, seconds)

    def type_line(self, text: str) -> None:
        canvas = self.canvas()
        ActionChains(self.driver).move_to_element(canvas).click().perform()
        ActionChains(self.driver).key_down(Keys.CONTROL).send_keys("u").key_up(Keys.CONTROL).perform()
        for letter in text:
            ActionChains(self.driver).send_keys(letter).pause(0.03).perform()
        ActionChains(self.driver).send_keys(Keys.RETURN).perform()

    # Accessibility.

    def axe(self) -> list[str]:
        """What axe-core finds wrong on this page, one line a rule."""
        package = importlib.util.find_spec("axe_playwright_python")
        assert package and package.submodule_search_locations, "axe.min.js is missing; run Scripts/python-environment.sh"
        script = Path(package.submodule_search_locations[0]) / "axe.min.js"
        # Through the debugger, because the page's own content policy must not allow such scripts.
        self.driver.execute_cdp_cmd("Runtime.evaluate", {"expression": script.read_text(encoding="utf-8")})
        result = self.driver.execute_cdp_cmd("Runtime.evaluate", {
            "expression": f"axe.run({{runOnly: {json.dumps(RULES)}}})", "awaitPromise": True, "returnByValue": True,
        })["result"]["value"]  # fmt: skip
        assert result["passes"], "axe ran no rule at all"
        return [
            f"{violation['id']}: {violation['help']} at {[node['target'] for node in violation['nodes']][:3]}"
            for violation in result["violations"]
        ]

    def close(self) -> None:
        self.driver.quit()

    def __enter__(self) -> "Browser":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def is_stale(element: WebElement) -> bool:
    """True when the page that had this element is gone."""
    try:
        element.is_enabled()
    except Exception:  # noqa: BLE001  Selenium has several names for it
        return True
    return False
