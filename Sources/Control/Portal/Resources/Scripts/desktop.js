// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the desktop in the browser. noVNC draws and types; this module connects, reconnects and explains.

import RFB from "/novnc/core/rfb.js";
import { extendSession, watchSession } from "./session.js";

const page = document.getElementById("content");
const screen = document.getElementById("screen");
const status = document.getElementById("status");
const after = document.getElementById("after");
const credentials = document.getElementById("credentials");
const text = page.dataset;

/** Seconds between tries after a broken line; together they stay within the grace. */
const pauses = [1, 2, 4, 8, 15, 15, 15, 15, 15];
/** While the desktop is used, the web session counts as used. */
const keepAliveSeconds = 120;

let rfb = null;
let socket = null;
let wasConnected = false;
let tries = 0;
let refusals = 0;
let brokenSince = 0;
let isEnding = false;
let lastInput = 0;

function say(sentence) {
    if (status.textContent !== sentence) status.textContent = sentence;
}

// MARK: Connecting

function connect() {
    // The socket is made here, because noVNC keeps the reason of a close to itself.
    socket = new WebSocket(`wss://${text.host}/desktop/${text.ticket}`, ["binary"]);
    let closing = null;
    socket.addEventListener("close", (event) => { closing = event; });

    rfb = new RFB(screen, socket, { shared: true });
    rfb.scaleViewport = true;
    rfb.resizeSession = true;
    rfb.addEventListener("connect", connected);
    rfb.addEventListener("credentialsrequired", askCredentials);
    rfb.addEventListener("securityfailure", () => finish(text.textPasswordWrong));
    rfb.addEventListener("clipboard", (event) => {
        const field = document.getElementById("clipboard-text");
        if (field) field.value = event.detail.text;
    });
    rfb.addEventListener("disconnect", () => disconnected(closing));
}

function connected() {
    wasConnected = true;
    tries = 0;
    refusals = 0;
    brokenSince = 0;
    page.classList.remove("is-waiting");
    say(text.textConnected);
    const canvas = screen.querySelector("canvas");
    if (document.activeElement === document.body || document.activeElement === screen) canvas?.focus();
}

/** What the gate says with a close code: 4000 plus the reason of the session's end. */
const endings = {
    4001: text.textEnded,
    4003: text.textEndedByServer,
    4005: text.textIdleLimit,
    4006: text.textSessionLimit,
    4007: text.textByOperator,
    4008: text.textWithdrawn,
    4009: text.textSignedOut,
    4010: text.textReplaced,
    4011: text.textUnreachable,
};
const refused = 4403;
/** A line that broke, a desktop that was lost, a gate that restarts, a control plane that is away for a moment. */
const passing = new Set([1006, 4002, 4004, 4013, 4503]);
/** A refusal right after a broken line may be the gate still waiting for the old line. */
const mostRefusals = 4;

function disconnected(closing) {
    rfb = null;
    if (isEnding) return finish(text.textEnded);
    const code = closing?.code ?? 1006;
    if (endings[code]) return finish(endings[code]);
    if (code === refused) {
        refusals += 1;
        const sentence = closing.reason || text.textRefused;
        return wasConnected && refusals < mostRefusals ? reconnect(sentence) : finish(sentence);
    }
    if (passing.has(code) && wasConnected) return reconnect(text.textLost);
    finish(wasConnected ? text.textEndedByServer : text.textRefused);
}

/** Tries again with the same ticket while the grace lasts; `sentence` is for when it is over. */
function reconnect(sentence) {
    if (brokenSince === 0) brokenSince = Date.now();
    const pause = pauses[Math.min(tries, pauses.length - 1)] * 1000;
    const end = brokenSince + Number(text.graceSeconds) * 1000;
    if (Date.now() + pause > end) return finish(sentence);
    tries += 1;
    page.classList.add("is-waiting");
    say(text.textReconnecting);
    setTimeout(connect, pause);
}

function finish(sentence) {
    if (page.classList.contains("is-over")) return;
    page.classList.add("is-over");
    window.removeEventListener("beforeunload", holdBack);
    say(sentence);
    screen.hidden = true;
    after.hidden = false;
    for (const drawer of document.querySelectorAll(".drawer")) drawer.hidden = true;
    if (document.fullscreenElement) document.exitFullscreen();
    after.querySelector("a").focus();
    rfb?.disconnect();
}

// MARK: The desktop's own password

function askCredentials(event) {
    const types = event.detail.types;
    document.getElementById("credentials-user-field").hidden = !types.includes("username");
    credentials.hidden = false;
    credentials.querySelector(".field:not([hidden]) input").focus();
}

document.getElementById("credentials-form").addEventListener("submit", (event) => {
    event.preventDefault();
    const user = document.getElementById("credentials-user");
    const password = document.getElementById("credentials-password");
    rfb?.sendCredentials({ username: user.value, password: password.value });
    password.value = "";
    credentials.hidden = true;
    screen.querySelector("canvas")?.focus();
});

// MARK: The toolbar

document.getElementById("ctrl-alt-del").addEventListener("click", () => {
    rfb?.sendCtrlAltDel();
    screen.querySelector("canvas")?.focus();
});

document.getElementById("disconnect").addEventListener("click", () => {
    isEnding = true;
    if (rfb) rfb.disconnect();
    else finish(text.textEnded);
});

const fullscreen = document.getElementById("fullscreen");
fullscreen.hidden = !document.fullscreenEnabled;
fullscreen.addEventListener("click", () => {
    if (document.fullscreenElement) document.exitFullscreen();
    else page.requestFullscreen().then(() => navigator.keyboard?.lock?.()).catch(() => {});
});
document.addEventListener("fullscreenchange", () => {
    const isFull = document.fullscreenElement !== null;
    fullscreen.setAttribute("aria-pressed", String(isFull));
    fullscreen.textContent = isFull ? text.textLeaveFullscreen : text.textFullscreen;
});

for (const name of ["clipboard", "keys"]) {
    const toggle = document.getElementById(`${name}-toggle`);
    const drawer = document.getElementById(name);
    toggle.addEventListener("click", () => {
        drawer.hidden = !drawer.hidden;
        toggle.setAttribute("aria-expanded", String(!drawer.hidden));
    });
}

document.getElementById("clipboard-send")?.addEventListener("click", () => {
    rfb?.clipboardPasteFrom(document.getElementById("clipboard-text").value);
    say(text.textClipboardSent);
});

// MARK: The keyboard's way out

// Strg+Alt+Umschalt, pressed and released without another key. AltGr is not Alt: on Windows it arrives as
// ControlLeft with AltRight, and typing @ or € must never lead out of the picture. Focus moves only when all three
// are up, so that noVNC has told the desktop about each release and no key stays down there.
const chord = { ControlLeft: "control", ControlRight: "control", AltLeft: "alt", ShiftLeft: "shift", ShiftRight: "shift" };
const held = new Set();
let isChord = false;

screen.addEventListener("keydown", (event) => {
    lastInput = Date.now();
    const part = chord[event.code];
    if (!part) {
        isChord = false;
        held.clear();
        return;
    }
    held.add(part);
    if (held.size === 3) isChord = true;
}, true);

screen.addEventListener("keyup", (event) => {
    const part = chord[event.code];
    if (part) held.delete(part);
    if (isChord && held.size === 0) {
        isChord = false;
        setTimeout(() => document.querySelector("#toolbar button:not([hidden])")?.focus(), 0);
    }
}, true);

// The picture takes the tab key for the desktop; reaching it from the toolbar goes through its frame.
screen.addEventListener("focus", () => screen.querySelector("canvas")?.focus());
screen.addEventListener("pointermove", () => { lastInput = Date.now(); }, { passive: true });

// MARK: Leaving and staying

function holdBack(event) {
    if (rfb) event.preventDefault();
}
window.addEventListener("beforeunload", holdBack);
window.addEventListener("torhaus-session-over", () => window.removeEventListener("beforeunload", holdBack));
window.addEventListener("pagehide", () => rfb?.disconnect());

const keepAlive = document.getElementById("keep-alive");
setInterval(async () => {
    if (!rfb || Date.now() - lastInput > keepAliveSeconds * 1000) return;
    const answer = await extendSession(keepAlive);
    if (answer) window.dispatchEvent(new CustomEvent("torhaus-session-extended", { detail: answer }));
}, keepAliveSeconds * 1000);

watchSession();
connect();
