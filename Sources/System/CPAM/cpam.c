// SPDX-License-Identifier: EUPL-1.2
// Torhaus: see cpam.h.
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "cpam.h"

#include <stdlib.h>
#include <string.h>

static void no_delay(int status, unsigned microseconds, void *context) {
    (void)status;
    (void)microseconds;
    (void)context;
}

int th_pam_never_delay(pam_handle_t *handle) {
    // Linux-PAM declares the item as const void * although it is a function.
    return pam_set_item(handle, PAM_FAIL_DELAY, (const void *)no_delay);
}

const struct pam_message *th_pam_message(const struct pam_message **messages, int index) { return messages[index]; }

struct pam_response *th_pam_responses(int count) { return calloc((size_t)count, sizeof(struct pam_response)); }

int th_pam_answer(struct pam_response *responses, int index, const void *bytes, size_t count) {
    char *copy = malloc(count + 1);
    if (!copy) return -1;
    if (count) memcpy(copy, bytes, count);
    copy[count] = 0;
    responses[index].resp = copy;
    responses[index].resp_retcode = 0;
    return 0;
}

void th_pam_drop(struct pam_response *responses, int count) {
    for (int i = 0; i < count; i++) {
        if (!responses[i].resp) continue;
        explicit_bzero(responses[i].resp, strlen(responses[i].resp));
        free(responses[i].resp);
    }
    free(responses);
}
