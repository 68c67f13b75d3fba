# SPDX-License-Identifier: EUPL-1.2
"""Torhaus: the portal without a browser, for tests about something else; and the .rdp file as a client reads it."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlencode

from .accounts import Person
from .line import GateAddress, Head, Line


@dataclass
class Form:
    identity: str
    action: str
    fields: dict[str, str] = field(default_factory=dict)
    questions: list[str] = field(default_factory=list)
    # What a password manager would fill into each question.
    purposes: dict[str, str] = field(default_factory=dict)


class Page(HTMLParser):
    """The forms of a page, and the texts of its elements that have an id."""

    VOID = {"input", "meta", "link", "br", "img", "hr"}

    def __init__(self, text: str):
        super().__init__()
        self.forms: list[Form] = []
        self.texts: dict[str, str] = {}
        self.desktops: dict[str, set[str]] = {}
        self._open: list[tuple[str, str | None]] = []
        self._desktop: str | None = None
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {key: value or "" for key, value in attributes}
        if tag == "form":
            self.forms.append(Form(given.get("id", ""), given.get("action", "")))
        elif tag == "input" and self.forms:
            self.forms[-1].fields[given.get("name", "")] = given.get("value", "")
            if given.get("id", "").startswith("answer-"):
                self.forms[-1].questions.append(given["name"])
                self.forms[-1].purposes[given["name"]] = given.get("autocomplete", "")
        elif tag == "button" and self._desktop and given.get("name") == "way":
            self.desktops[self._desktop].add(given.get("value", ""))
        if "data-desktop" in given:
            self._desktop = given["data-desktop"]
            self.desktops[self._desktop] = set()
        if tag not in self.VOID:
            self._open.append((tag, given.get("id")))
            if given.get("id"):
                self.texts.setdefault(given["id"], "")

    def handle_endtag(self, tag: str) -> None:
        while self._open:
            if self._open.pop()[0] == tag:
                return

    def handle_data(self, data: str) -> None:
        for _, identity in self._open:
            if identity:
                self.texts[identity] += data

    def form(self, identity: str) -> Form:
        for form in self.forms:
            if form.identity == identity:
                return form
        raise AssertionError(f"no form #{identity}; there are {[form.identity for form in self.forms]}")

    def has_form(self, identity: str) -> bool:
        return any(form.identity == identity for form in self.forms)


@dataclass
class Response:
    head: Head
    body: bytes

    @property
    def status(self) -> int:
        return self.head.status

    @property
    def text(self) -> str:
        return self.body.decode("utf-8")

    @property
    def page(self) -> Page:
        return Page(self.text)


class Portal:
    """One browser's worth of cookies."""

    def __init__(self, gate: GateAddress, source: str | None = None, language: str = "de"):
        self.gate, self.source, self.language = gate, source, language
        self.cookies: dict[str, str] = {}

    def request(self, method: str, path: str, fields: dict[str, str] | list[tuple[str, str]] | None = None,
                extra: list[str] = []) -> Response:  # fmt: skip
        body = urlencode(fields).encode() if fields is not None else b""
        lines = [f"{method} {path} HTTP/1.1", f"Host: localhost:{self.gate.port}", "User-Agent: torhaus-tests",
                 f"Accept-Language: {self.language}", "Connection: close", *extra]  # fmt: skip
        if self.cookies:
            lines.append("Cookie: " + "; ".join(f"{k}={v}" for k, v in self.cookies.items()))
        if fields is not None:
            lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}",
                      f"Origin: https://localhost:{self.gate.port}", "Sec-Fetch-Site: same-origin"]  # fmt: skip
        with Line(self.gate, self.source, timeout=20) as line:
            line.send("\r\n".join(lines).encode() + b"\r\n\r\n" + body)
            head = line.read_head()
            content = line.read_body(head) if method != "HEAD" else b""
        for value in head.fields.get("set-cookie", []):
            pair, _, attributes = value.partition(";")
            name, _, content_of_cookie = pair.partition("=")
            if not content_of_cookie or "max-age=0" in attributes.lower().replace(" ", ""):
                self.cookies.pop(name, None)
            else:
                self.cookies[name] = content_of_cookie
        return Response(head, content)

    def get(self, path: str) -> Response:
        return self.request("GET", path)

    def submit(self, form: Form, **values: str) -> Response:
        return self.request("POST", form.action, {**form.fields, **values})

    # Signing in.

    def begin(self, user: str) -> Response:
        page = self.get("/sign-in").page
        return self.submit(page.form("sign-in"), username=user)

    def answer(self, response: Response, *answers: str) -> Response:
        form = response.page.form("answers")
        assert len(form.questions) == len(answers), f"asked {form.questions}, have {len(answers)} answers"
        return self.submit(form, **dict(zip(form.questions, answers)))

    def sign_in(self, person: Person, password: str | None = None, code: str | None = None) -> Response:
        """Name, password, code; gives the last response, a redirection when all was right."""
        response = self.begin(person.user)
        for secret in (password or person.password, code or person.code()):
            if response.status != 200 or not response.page.has_form("answers"):
                break
            response = self.answer(response, secret)
        return response

    def change_password(self, response: Response, person: Person, new: str) -> Response:
        """Goes on where the password has expired; gives the last response."""
        # PAM asks three times for a new one that it does not take.
        for _ in range(8):
            if response.status != 200 or not response.page.has_form("answers"):
                break
            form = response.page.form("answers")
            response = self.answer(
                response,
                *(new if form.purposes[name] == "new-password" else person.password for name in form.questions),
            )
        return response

    def signed_in(self, person: Person) -> "Portal":
        response = self.sign_in(person)
        assert (response.status, response.head.one("location")) == (303, "/desktops"), (response.head, response.text[:2000])
        return self

    def sign_out(self) -> Response:
        return self.submit(self.get("/desktops").page.form("sign-out"))

    # Desktops.

    def open(self, desktop: str, way: str) -> Response:
        page = self.get("/desktops").page
        assert desktop in page.desktops, f"{desktop} is not listed: {sorted(page.desktops)}"
        for form in page.forms:
            if form.action == "/desktops/open" and desktop in form.fields.values():
                return self.submit(form, way=way)
        raise AssertionError(f"no form opens {desktop}")

    def rdp_file(self, desktop: str) -> "RDPFile":
        response = self.open(desktop, "client")
        assert response.status == 200, (response.head, response.text[:1000])
        assert response.head.one("content-type") == "application/x-rdp", response.head
        return RDPFile(response.body)

    def ticket(self, desktop: str) -> str:
        return self.rdp_file(desktop)["gatewayaccesstoken"]


class RDPFile:
    """key:type:value lines, in one of the two encodings that clients read."""

    def __init__(self, data: bytes):
        self.data = data
        text = data.decode("utf-16") if data[:2] == b"\xff\xfe" else data.decode("ascii")
        assert "\n" not in text.replace("\r\n", ""), "lines must end with CR LF"
        self.values: dict[str, str] = {}
        for line in text.split("\r\n"):
            if line:
                key, kind, value = line.split(":", 2)
                assert kind in ("i", "s"), line
                assert key not in self.values, f"{key} twice"
                self.values[key] = value

    def __getitem__(self, key: str) -> str:
        return self.values[key]
