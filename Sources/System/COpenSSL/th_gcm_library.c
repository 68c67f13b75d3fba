// SPDX-License-Identifier: EUPL-1.2
// Torhaus: see th_gcm_library.h.
#include "th_gcm_library.h"

#include <openssl/crypto.h>
#include <stdatomic.h>
#include <string.h>

#if defined(__x86_64__) && __has_include(<intel-ipsec-mb.h>)

#include <dlfcn.h>
#include <intel-ipsec-mb.h>

_Static_assert(sizeof(struct gcm_context_data) <= sizeof(th_gcm_state), "a message's state has no room");

typedef struct functions {
    aes_gcm_pre_t expand;
    aes_gcm_init_t begin;
    aes_gcm_enc_dec_update_t encrypt, decrypt;
    aes_gcm_enc_dec_finalize_t finish_encrypting, finish_decrypting;
} functions;

static functions with_128, with_256;

static const functions *functions_for(const th_gcm_key *key) { return key->bits == 256 ? &with_256 : &with_128; }

// MARK: Opening

// The library is not linked: where it is missing, everything works without it.
th_gcm_outcome th_gcm_library_open(void) {
    void *library = dlopen("libIPSec_MB.so.1", RTLD_NOW | RTLD_LOCAL);
    if (library == NULL) return TH_GCM_NO_LIBRARY;
    IMB_MGR *(*make)(uint64_t) = (IMB_MGR * (*)(uint64_t)) dlsym(library, "alloc_mb_mgr");
    void (*prepare)(IMB_MGR *, IMB_ARCH *) = (void (*)(IMB_MGR *, IMB_ARCH *))dlsym(library, "init_mb_mgr_auto");
    void (*release)(IMB_MGR *) = (void (*)(IMB_MGR *))dlsym(library, "free_mb_mgr");
    unsigned (*version)(void) = (unsigned (*)(void))dlsym(library, "imb_get_version");
    if (!make || !prepare || !release || !version) return TH_GCM_NO_LIBRARY;
    // The manager's layout is the header's, and only a release keeps it for certain.
    if (version() >> 8 != IMB_VERSION_NUM >> 8) return TH_GCM_NO_LIBRARY;

    IMB_MGR *manager = make(0);
    if (manager == NULL) return TH_GCM_NO_LIBRARY;
    IMB_ARCH chosen;
    prepare(manager, &chosen);
    const uint64_t needed = IMB_FEATURE_AVX512_SKX | IMB_FEATURE_VAES | IMB_FEATURE_VPCLMULQDQ;
    int can = (manager->features & needed) == needed;
    with_128 = (functions){manager->gcm128_pre,        manager->gcm128_init,         manager->gcm128_enc_update,
                           manager->gcm128_dec_update, manager->gcm128_enc_finalize, manager->gcm128_dec_finalize};
    with_256 = (functions){manager->gcm256_pre,        manager->gcm256_init,         manager->gcm256_enc_update,
                           manager->gcm256_dec_update, manager->gcm256_enc_finalize, manager->gcm256_dec_finalize};
    release(manager);
    return can ? TH_GCM_READY : TH_GCM_NO_PROCESSOR;
}

// MARK: Keys

// A key is expanded when it is used and not kept with the session: that takes 0.1 µs, and a kibibyte for each of
// thousands of sessions would be more than all else they have. The records of a batch share one expansion.
static _Thread_local struct {
    // The library writes it with aligned stores, and its header says so only to compilers it knows.
    _Alignas(64) struct gcm_key_data data;
    uint64_t number;
} expanded;

void th_gcm_key_set(th_gcm_key *key, const uint8_t *bytes, uint16_t bits) {
    static _Atomic uint64_t last;
    key->number = atomic_fetch_add_explicit(&last, 1, memory_order_relaxed) + 1;
    key->bits = bits;
    memcpy(key->bytes, bytes, bits / 8);
}

static const struct gcm_key_data *expand(const th_gcm_key *key) {
    if (expanded.number != key->number) {
        functions_for(key)->expand(key->bytes, &expanded.data);
        expanded.number = key->number;
    }
    return &expanded.data;
}

void th_gcm_forget(void) {
    if (expanded.number != 0) OPENSSL_cleanse(&expanded, sizeof expanded);
}

// MARK: Messages

static struct gcm_context_data *inner(th_gcm_state *state) { return (struct gcm_context_data *)state->bytes; }

void th_gcm_begin(
    const th_gcm_key *key, th_gcm_state *state, const uint8_t *iv, const uint8_t *aad, size_t aad_length
) {
    functions_for(key)->begin(expand(key), inner(state), iv, aad, aad_length);
}

void th_gcm_update(
    const th_gcm_key *key, th_gcm_state *state, int encrypting, uint8_t *out, const uint8_t *in, size_t length
) {
    const functions *use = functions_for(key);
    (encrypting ? use->encrypt : use->decrypt)(expand(key), inner(state), out, in, length);
}

void th_gcm_finish(const th_gcm_key *key, th_gcm_state *state, int encrypting, uint8_t *tag) {
    const functions *use = functions_for(key);
    (encrypting ? use->finish_encrypting : use->finish_decrypting)(
        expand(key), inner(state), tag, TH_GCM_TAG_BYTES
    );
}

#else

th_gcm_outcome th_gcm_library_open(void) { return TH_GCM_NOT_BUILT; }
void th_gcm_forget(void) {}

void th_gcm_key_set(th_gcm_key *key, const uint8_t *bytes, uint16_t bits) {
    (void)key, (void)bytes, (void)bits;
}

void th_gcm_begin(
    const th_gcm_key *key, th_gcm_state *state, const uint8_t *iv, const uint8_t *aad, size_t aad_length
) {
    (void)key, (void)state, (void)iv, (void)aad, (void)aad_length;
}

void th_gcm_update(
    const th_gcm_key *key, th_gcm_state *state, int encrypting, uint8_t *out, const uint8_t *in, size_t length
) {
    (void)key, (void)state, (void)encrypting, (void)out, (void)in, (void)length;
}

void th_gcm_finish(const th_gcm_key *key, th_gcm_state *state, int encrypting, uint8_t *tag) {
    (void)key, (void)state, (void)encrypting, (void)tag;
}

#endif
