// SPDX-License-Identifier: EUPL-1.2
// Torhaus: Linux-PAM's application side, and what Swift cannot say of it.
#pragma once

#include <security/pam_appl.h>
#include <stddef.h>

/// Installs a PAM_FAIL_DELAY callback that does nothing: modules must not sleep, we delay failures in one place.
int th_pam_never_delay(pam_handle_t *_Nonnull handle);

/// The message at `index` of what a conversation function got, or NULL when the module gave none there.
const struct pam_message *_Nullable th_pam_message(const struct pam_message *_Nullable *_Nonnull messages, int index);

/// `count` empty responses as a module expects them (calloc), or NULL.
struct pam_response *_Nullable th_pam_responses(int count);

/// Copies an answer into a response (malloc, with a final NUL). 0, or -1 without memory.
int th_pam_answer(struct pam_response *_Nonnull responses, int index, const void *_Nullable bytes, size_t count);

/// Wipes and frees responses that no module will take.
void th_pam_drop(struct pam_response *_Nonnull responses, int count);
