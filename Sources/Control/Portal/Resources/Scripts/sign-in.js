// SPDX-License-Identifier: EUPL-1.2
// Torhaus: small comforts of the sign-in pages. Every page works without them.

const form = document.getElementById("answers") ?? document.getElementById("sign-in");
let isSent = false;

// A double click would answer the same prompt twice, and the second answer would show a failure.
form?.addEventListener("submit", (event) => {
    if (isSent) event.preventDefault();
    isSent = true;
});

// Coming back with the browser's arrow shows the page as it was left.
window.addEventListener("pageshow", (event) => {
    if (event.persisted) location.assign("/sign-in");
});

// Whoever leaves the page gives the waiting sign-in free for others.
if (form?.id === "answers") {
    window.addEventListener("pagehide", () => {
        if (!isSent) navigator.sendBeacon("/sign-in/abandon", new URLSearchParams({ csrf: form.elements.csrf.value }));
    });
}

// Counts down quietly; the sentence above already says how long to wait.
const wait = document.getElementById("wait");
if (wait) {
    const end = Date.now() + Number(wait.dataset.seconds) * 1000;
    const seconds = wait.querySelector(".wait-seconds");
    wait.hidden = false;
    const show = () => {
        const left = Math.ceil((end - Date.now()) / 1000);
        if (left > 0) {
            seconds.textContent = String(left);
            return;
        }
        wait.textContent = wait.dataset.done;
        clearInterval(timer);
    };
    const timer = setInterval(show, 1000);
    show();
}
