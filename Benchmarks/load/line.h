// SPDX-License-Identifier: EUPL-1.2
// Torhaus: one client line of the load generator: TCP, TLS, and what the programs under test want around the payload.
#pragma once
#include "orders.h"
#include <openssl/ssl.h>

enum framing {
    FRAMING_DIRECT,  // plain TCP, nothing between: the load's own part of a latency
    FRAMING_RAW,     // peers: TLS in front of a TCP port
    FRAMING_PORTAL,  // the gate's plain relay: an HTTP head goes first
    FRAMING_TUNNEL,  // MS-TSGU packets in WebSocket messages
};

struct line {
    int fd;
    SSL *ssl;  // NULL: plain TCP
    // Reader of WebSocket frames and packets, byte by byte across reads.
    unsigned char frame[14], packet[10];
    unsigned frame_have, packet_have;
    uint64_t frame_left;
    uint32_t packet_left;
    uint64_t payload;  // bytes of the desktop seen so far
    // Only while the tunnel is set up: the last packet.
    unsigned packet_type;
    unsigned char body[256];
    unsigned body_have;
};

struct target {
    enum framing framing;
    uint16_t port;
    SSL_CTX *tls;
};

// Called with each run of desktop bytes.
typedef void payload_sink(struct line *line, const unsigned char *bytes, size_t length, void *context);

SSL_CTX *client_context(void);

// Connects from the `number`-th source address, shakes hands, opens the tunnel; blocking. Zero: done.
int line_open(struct line *line, const struct target *target, unsigned number);
// Sends the order; in the gate's plain relay the HTTP head with it.
int line_order(struct line *line, const struct target *target, const struct order *order);
void line_close(struct line *line);

// Wraps `length` (at most 16,366) bytes for the wire in `out` (length + 18); the size on the wire.
size_t line_wrap(enum framing framing, const unsigned char *bytes, size_t length, unsigned char *out);
// Whole blocking write.
int line_send(struct line *line, enum framing framing, const unsigned char *bytes, size_t length);
// One SSL_read (which may not block), unwrapped into the sink. Bytes read, 0 = would block, -1 = broken.
int line_read(struct line *line, enum framing framing, payload_sink *sink, void *context);
