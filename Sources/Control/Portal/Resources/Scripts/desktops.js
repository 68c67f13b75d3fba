// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the list of desktops: says that a file is on its way, and watches the session.

import { watchSession } from "./session.js";

const note = document.getElementById("download-note");

for (const form of document.querySelectorAll(".desktop-ways")) {
    form.addEventListener("submit", (event) => {
        // A download leaves the page as it is; without a word nobody would know that something happened.
        if (event.submitter?.value === "client" && note) {
            note.hidden = false;
            note.textContent = note.dataset.text;
        }
    });
}

watchSession();
