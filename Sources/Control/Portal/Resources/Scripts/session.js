// SPDX-License-Identifier: EUPL-1.2
// Torhaus: warns before the sign-in ends, and extends it. Without scripts the same section is plain text and a form.

const checkEverySeconds = 20;

/** Watches the section `#session`; does nothing on pages without one. */
export function watchSession() {
    const section = document.getElementById("session");
    if (!section) return;

    const count = section.querySelector(".session-count");
    const seconds = section.querySelector(".session-seconds");
    const ends = section.querySelector(".session-ends");
    const heading = section.querySelector(".session-heading");
    const live = section.querySelector(".session-live");
    const form = section.querySelector("form");
    const warnSeconds = Number(section.dataset.warnSeconds);
    let end = Date.now() + Number(section.dataset.secondsLeft) * 1000;
    let isWarning = false;
    let lastCheck = Date.now();

    // The heading is put back when there is something to warn of, so that screen readers speak it then.
    heading.remove();
    section.removeAttribute("aria-labelledby");
    section.classList.add("is-quiet");

    function secondsLeft() {
        return Math.max(0, Math.ceil((end - Date.now()) / 1000));
    }

    function quieten() {
        isWarning = false;
        heading.remove();
        section.removeAttribute("aria-labelledby");
        section.classList.remove("is-warning");
        section.classList.add("is-quiet");
    }

    function warn() {
        isWarning = true;
        section.classList.remove("is-quiet");
        section.classList.add("is-warning");
        ends.hidden = true;
        count.hidden = false;
        live.append(heading);
        section.setAttribute("aria-labelledby", heading.id);
    }

    function take(answer) {
        end = Date.now() + answer.secondsLeft * 1000;
        if (answer.secondsLeft === 0) leave();
        else if (answer.secondsLeft > warnSeconds && isWarning) quieten();
    }

    function leave() {
        clearInterval(timer);
        window.dispatchEvent(new Event("torhaus-session-over"));
        location.assign("/sign-in?notice=expired");
    }

    // Another tab may have been used: the server knows, this page does not.
    async function ask() {
        lastCheck = Date.now();
        try {
            const response = await fetch("/session", { cache: "no-store", credentials: "same-origin" });
            if (response.ok) take(await response.json());
        } catch {
            // No line: the clock here goes on.
        }
    }

    async function tick() {
        const left = secondsLeft();
        if (left <= warnSeconds && !isWarning) {
            await ask();
            if (secondsLeft() <= warnSeconds) warn();
        } else if (isWarning && Date.now() - lastCheck > checkEverySeconds * 1000) {
            await ask();
        }
        if (isWarning) seconds.textContent = String(secondsLeft());
        if (secondsLeft() === 0) {
            await ask();
            if (secondsLeft() === 0) leave();
        }
    }

    form?.addEventListener("submit", async (event) => {
        event.preventDefault();
        const answer = await extendSession(form);
        if (answer) take(answer);
        else form.submit();
    });

    window.addEventListener("torhaus-session-extended", (event) => take(event.detail));

    const timer = setInterval(tick, 1000);
}

/** Counts as use of the session; gives the new time, or nothing when the line is down. */
export async function extendSession(form) {
    const body = new URLSearchParams(new FormData(form));
    body.set("answer", "json");
    try {
        const response = await fetch("/session/extend", { method: "POST", body, credentials: "same-origin" });
        if (!response.ok) return null;
        return await response.json();
    } catch {
        return null;
    }
}
