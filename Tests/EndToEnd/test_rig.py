# SPDX-License-Identifier: EUPL-1.2
"""Torhaus: the rig proves itself first, without a daemon of ours: clients, desktops, pictures, and that checks can fail."""

from __future__ import annotations

import ssl

import numpy
import pytest

from rig import marker, tsgu
from rig.browser import Browser
from rig.certificates import Authority
from rig.fakegate import FakeGate
from rig.line import GateAddress
from rig.portal import RDPFile
from rig.relay import EchoDesktop, InspectingRelay, Relay, Server
from rig.screen import difference
from rig.torhaus import yaml
from rig.workspace import DESKTOP_PASSWORD, Desktops, Workspace
from rig.xfreerdp import NativeClient

TICKET = "0123456789ABCDEFGHJKMNPQRS"


def painted(name: str, line: str) -> numpy.ndarray:
    """What the marker would paint, as a picture."""
    picture = numpy.zeros((640, 820, 3), numpy.uint8)
    for number, shade in enumerate(marker.colours(name, line)):
        row, column = divmod(number, marker.COLUMNS)
        picture[row * 150 : row * 150 + 150, column * 200 : column * 200 + 200] = shade
    return picture


def test_the_comparison_knows_its_own_picture():
    assert difference(painted("a", "x"), "a", "x") is None


@pytest.mark.parametrize("name,line", [("b", "x"), ("a", "y"), ("a", ""), ("a", "X")])
def test_the_comparison_refuses_another_desktop_or_line(name, line):
    assert difference(painted("a", "x"), name, line) is not None


def test_the_comparison_refuses_black_and_mirrored_pictures():
    right = painted("a", "x")
    assert difference(numpy.zeros_like(right), "a", "x") is not None
    assert difference(right[:, ::-1], "a", "x") is not None


@pytest.mark.parametrize("websocket", [True, False], ids=["websocket", "legacy"])
def test_our_gateway_client_speaks_both_transports(ground: Workspace, websocket: bool):
    with EchoDesktop() as echo, FakeGate(ground.localhost, TICKET, "echo", ("127.0.0.1", echo.port)) as gate:
        address = GateAddress("127.0.0.1", gate.port, ground.authority.pem)
        with tsgu.Tunnel(address, websocket) as tunnel:
            tunnel.establish(TICKET, "echo").echo(bytes(range(256)) * 100)
        with tsgu.Tunnel(address, websocket) as tunnel, pytest.raises(tsgu.Refused) as refusal:
            tunnel.establish(TICKET[::-1], "echo")
        assert refusal.value.code == tsgu.E_PROXY_COOKIE_AUTHENTICATION_ACCESS_DENIED
        with tsgu.Tunnel(address, websocket) as tunnel, pytest.raises(tsgu.Refused) as refusal:
            tunnel.establish(TICKET, "other")
        assert refusal.value.code == tsgu.E_PROXY_RAP_ACCESSDENIED


def test_relays_can_be_cut_and_frozen(ground: Workspace):
    with EchoDesktop() as echo, FakeGate(ground.localhost, TICKET, "echo", ("127.0.0.1", echo.port)) as gate:
        with Relay(GateAddress("127.0.0.1", gate.port, ground.authority.pem)) as relay:
            with tsgu.Tunnel(relay.address, timeout=1) as tunnel:
                tunnel.establish(TICKET, "echo").echo(b"before")
                relay.freeze()
                tunnel.send_data(b"late")
                with pytest.raises(TimeoutError):
                    tunnel.receive_data()
                relay.thaw()
                assert tunnel.receive_data() == b"late"
                relay.cut()
                assert tunnel.wait_for_close() is None


@pytest.mark.parametrize("kind", ["xrdp", "shadow"])
@pytest.mark.parametrize("transport", ["websocket", "opportunistic", "legacy"])
def test_a_real_client_reaches_a_real_desktop(ground: Workspace, desktops: Desktops, kind: str, transport: str):
    desktop = getattr(desktops, kind)
    target = ("127.0.0.1", desktop.port)
    with FakeGate(ground.localhost, TICKET, desktop.name, target, transport != "opportunistic") as gate:
        arguments = [f"/v:{desktop.name}:3389", f"/g:localhost:{gate.port}", f"/gat:{TICKET}",
                     "/gt:http" + (",no-websockets" if transport == "legacy" else ""),
                     f"/u:{ground.desktop_user}", f"/p:{DESKTOP_PASSWORD}"]  # fmt: skip
        with NativeClient(ground.place("client"), ground.authority.pem, arguments) as client:
            client.wait_for_desktop(desktop.name, desktop.last_line())
            line = f"rig {kind} over {transport}: 1+1=2"
            client.type_line(line)
            desktop.wait_for_typed(line)
            client.wait_for_desktop(desktop.name, line)


def test_a_real_client_refuses_a_gate_of_another_authority(ground: Workspace, desktops: Desktops):
    other = Authority(ground.place("other-authority"), "Somebody else")
    desktop = desktops.shadow
    with FakeGate(ground.localhost, TICKET, desktop.name, ("127.0.0.1", desktop.port)) as gate:
        arguments = [f"/v:{desktop.name}:3389", f"/g:localhost:{gate.port}", f"/gat:{TICKET}", "/gt:http", "/u:x", "/p:x"]
        with NativeClient(ground.place("client"), other.pem, arguments) as client:
            assert client.wait_for_exit(20) != 0
            assert "certificate not trusted" in client.log


def test_the_inspecting_relay_strips_the_upgrade(ground: Workspace):
    with EchoDesktop() as echo, FakeGate(ground.localhost, TICKET, "echo", ("127.0.0.1", echo.port)) as gate:
        address = GateAddress("127.0.0.1", gate.port, ground.authority.pem)
        with InspectingRelay(address, ground.localhost) as relay:
            with tsgu.Tunnel(relay.address, websocket=False, opportunistic=True) as tunnel:
                tunnel.establish(TICKET, "echo").echo(b"through" * 1000)
            assert relay.stripped >= 1


BAD_PAGE = b"<!doctype html><title>x</title><img src=data:,><p style='color:#ccc;background:#fff'>pale</p>"
GOOD_PAGE = (
    b"<!doctype html><html lang=de><head><meta charset=utf-8><title>Probe</title></head><body><main><h1>Probe</h1>"
    b"<form id=f><label for=t>Text</label><input id=t></form><pre id=d></pre></main></body></html>"
)


@pytest.fixture
def tls_page(ground: Workspace):
    """A little HTTPS server whose certificate comes from the run's authority."""
    pages = {b"/good": GOOD_PAGE, b"/bad": BAD_PAGE}

    class Pages(Server):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(ground.localhost.chain, ground.localhost.key)

        def serve(self, connection):
            with self.context.wrap_socket(connection, server_side=True) as secure:
                path = secure.recv(65536).split(b" ")[1]
                kind, body = b"text/html", pages.get(path, b"")
                if path == b"/file":
                    kind, body = b"application/x-rdp\r\nContent-Disposition: attachment; filename=a.rdp", b"full address:s:x\r\n"
                secure.sendall(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s"
                               % (kind, len(body), body))  # fmt: skip

    with Pages() as server:
        yield f"https://localhost:{server.port}"


def test_the_browser_trusts_our_authority_and_axe_can_fail(ground: Workspace, tls_page: str):
    with Browser(ground.place("browser"), ground.authority.pem) as browser:
        browser.open(f"{tls_page}/good")
        assert browser.axe() == []
        browser.find("#t").send_keys("äöü")
        assert browser.find("#t").get_property("value") == "äöü"
        browser.open(f"{tls_page}/bad")
        assert {"image-alt", "html-has-lang", "color-contrast"} <= {finding.split(":")[0] for finding in browser.axe()}
        browser.driver.execute_script("location = '/file'")
        assert RDPFile(browser.downloaded().read_bytes())["full address"] == "x"


def test_the_browser_refuses_another_authority(ground: Workspace, tls_page: str):
    other = Authority(ground.place("other-authority"), "Somebody else")
    with Browser(ground.place("browser"), other.pem) as browser:
        browser.open(f"{tls_page}/good")
        assert "ERR_CERT_AUTHORITY_INVALID" in browser.driver.page_source
        assert not browser.has("#t")


def test_one_time_codes_come_from_oathtool(ground: Workspace):
    person = ground.accounts.person([ground.accounts.group("rhoenblick")])
    assert len(person.code()) == 6 and person.code().isdigit()
    assert person.code(-3600) != person.code()


def test_yaml_is_what_it_means():
    text = yaml({"a": [{"b": 1, "c": ["x", "ü"]}, {"b": 2, "c": []}], "d": {"e": "1: 2"}})
    assert text == 'a:\n  - b: 1\n    c: ["x", "ü"]\n  - b: 2\n    c: []\nd:\n  e: "1: 2"\n'
