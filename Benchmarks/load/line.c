// SPDX-License-Identifier: EUPL-1.2
// Torhaus: client lines of the load generator.
#define _GNU_SOURCE
#include "line.h"
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

// One TLS record with a WebSocket header, its mask and the packet header in it.
#define MAXIMUM_PART (16384 - 18)
#define PACKET_DATA 0x0A

static const unsigned char mask[4] = {0x37, 0xfa, 0x21, 0x3d};

SSL_CTX *client_context(void) {
    SSL_CTX *context = SSL_CTX_new(TLS_client_method());
    SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION);
    SSL_CTX_set_ciphersuites(context, "TLS_AES_256_GCM_SHA384");
    SSL_CTX_set1_groups_list(context, "X25519:P-256");
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE
                                  | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    return context;
}

static size_t websocket_header(unsigned char *out, size_t length) {
    size_t at = 0;
    out[at++] = 0x82;
    if (length < 126) {
        out[at++] = (unsigned char)(0x80 | length);
    } else {
        out[at++] = 0x80 | 126;
        out[at++] = (unsigned char)(length >> 8);
        out[at++] = (unsigned char)length;
    }
    memcpy(out + at, mask, 4);
    return at + 4;
}

static void packet_header(unsigned char *out, unsigned type, size_t length) {
    out[0] = (unsigned char)type;
    out[1] = out[2] = out[3] = 0;
    uint32_t total = (uint32_t)length;
    memcpy(out + 4, &total, 4);
}

static size_t masked(unsigned char *out, const unsigned char *packet, size_t length) {
    size_t at = websocket_header(out, length);
    for (size_t i = 0; i < length; i++) out[at + i] = packet[i] ^ mask[i & 3];
    return at + length;
}

size_t line_wrap(enum framing framing, const unsigned char *bytes, size_t length, unsigned char *out) {
    if (framing != FRAMING_TUNNEL) {
        memcpy(out, bytes, length);
        return length;
    }
    unsigned char packet[MAXIMUM_PART + 10];
    packet_header(packet, PACKET_DATA, length + 10);
    packet[8] = (unsigned char)length;
    packet[9] = (unsigned char)(length >> 8);
    memcpy(packet + 10, bytes, length);
    return masked(out, packet, length + 10);
}

static int write_all(struct line *line, const unsigned char *bytes, size_t length) {
    while (length) {
        int part = (int)(length > 16384 ? 16384 : length);
        int sent = line->ssl ? SSL_write(line->ssl, bytes, part) : (int)send(line->fd, bytes, (size_t)part, 0);
        if (sent <= 0) return ERR_clear_error(), -1;
        bytes += sent;
        length -= (size_t)sent;
    }
    return 0;
}

int line_send(struct line *line, enum framing framing, const unsigned char *bytes, size_t length) {
    unsigned char out[MAXIMUM_PART + 18];
    while (length) {
        size_t part = length > MAXIMUM_PART ? MAXIMUM_PART : length;
        size_t size = line_wrap(framing, bytes, part, out);
        if (write_all(line, out, size)) return -1;
        bytes += part;
        length -= part;
    }
    return 0;
}

// Bytes of packets: DATA goes to the sink, the body of anything else is kept.
static void packets(struct line *l, const unsigned char *bytes, size_t length, payload_sink *sink, void *context) {
    while (length) {
        unsigned header = l->packet_have >= 8 && l->packet[0] != PACKET_DATA ? 8 : 10;
        if (l->packet_have < 8 || (l->packet_left == 0 && l->packet_have < header)) {
            l->packet[l->packet_have++] = *bytes++;
            length--;
            if (l->packet_have == 8 && l->packet[0] != PACKET_DATA) {
                uint32_t total;
                memcpy(&total, l->packet + 4, 4);
                l->packet_left = total - 8;
                l->body_have = 0;
                if (!l->packet_left) { l->packet_type = l->packet[0]; l->packet_have = 0; }
            } else if (l->packet_have == 10) {
                l->packet_left = (uint32_t)l->packet[8] | (uint32_t)l->packet[9] << 8;
                if (!l->packet_left) l->packet_have = 0;
            }
            continue;
        }
        size_t part = length < l->packet_left ? length : l->packet_left;
        if (l->packet[0] == PACKET_DATA) {
            l->payload += part;
            if (sink) sink(l, bytes, part, context);
        } else {
            for (size_t i = 0; i < part && l->body_have < sizeof l->body; i++) l->body[l->body_have++] = bytes[i];
        }
        bytes += part;
        length -= part;
        l->packet_left -= (uint32_t)part;
        if (!l->packet_left) {
            l->packet_type = l->packet[0];
            l->packet_have = 0;
        }
    }
}

static void frames(struct line *l, const unsigned char *bytes, size_t length, payload_sink *sink, void *context) {
    while (length) {
        if (!l->frame_left) {
            l->frame[l->frame_have++] = *bytes++;
            length--;
            unsigned code = l->frame_have > 1 ? l->frame[1] & 0x7f : 0;
            unsigned needed = code == 126 ? 4 : code == 127 ? 10 : 2;
            if (l->frame_have < needed) continue;
            uint64_t size = code;
            if (needed > 2) {
                size = 0;
                for (unsigned i = 2; i < needed; i++) size = size << 8 | l->frame[i];
            }
            l->frame_left = size;
            l->frame_have = 0;
            continue;
        }
        size_t part = length < l->frame_left ? length : (size_t)l->frame_left;
        // Pings and the like carry no packets.
        if ((l->frame[0] & 0x0f) < 8) packets(l, bytes, part, sink, context);
        bytes += part;
        length -= part;
        l->frame_left -= part;
    }
}

int line_read(struct line *line, enum framing framing, payload_sink *sink, void *context) {
    static unsigned char buffer[65536];
    int count = line->ssl ? SSL_read(line->ssl, buffer, sizeof buffer) : (int)recv(line->fd, buffer, sizeof buffer, 0);
    if (count <= 0 && !line->ssl) return count < 0 && errno == EAGAIN ? 0 : -1;
    if (count <= 0) {
        int error = SSL_get_error(line->ssl, count);
        ERR_clear_error();
        return error == SSL_ERROR_WANT_READ ? 0 : -1;
    }
    if (framing == FRAMING_TUNNEL) {
        frames(line, buffer, (size_t)count, sink, context);
    } else {
        line->payload += (uint64_t)count;
        if (sink) sink(line, buffer, (size_t)count, context);
    }
    return count;
}

static unsigned packet_number(const unsigned char *packet) { return packet[0]; }

static int exchange_packet(struct line *line, const unsigned char *packet, size_t length, unsigned expected) {
    unsigned char out[512];
    if (write_all(line, out, masked(out, packet, length))) return -1;
    line->packet_type = 0;
    while (line->packet_type == 0) {
        int got = line_read(line, FRAMING_TUNNEL, NULL, NULL);
        if (got < 0) return -1;
        if (got == 0) return fprintf(stderr, "load: packet %u was not answered in time\n", packet_number(packet)), -1;
    }
    // All answers but TUNNEL_RESPONSE begin with their status; there a u16 version is before it.
    uint32_t status;
    memcpy(&status, line->body + (expected == 5 ? 2 : 0), 4);
    if (line->packet_type != expected || status) {
        fprintf(stderr, "load: packet %u, status %08x\n", line->packet_type, status);
        return -1;
    }
    return 0;
}

static size_t wide(unsigned char *out, const char *text) {
    size_t count = strlen(text) + 1;
    out[0] = (unsigned char)(2 * count);
    out[1] = 0;
    for (size_t i = 0; i < count; i++) {
        out[2 + 2 * i] = (unsigned char)text[i];
        out[3 + 2 * i] = 0;
    }
    return 2 + 2 * count;
}

static int open_tunnel(struct line *line) {
    static const char request[] =
        "RDG_OUT_DATA /remoteDesktopGateway/ HTTP/1.1\r\nHost: localhost\r\nAccept: */*\r\n"
        "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: AAECAwQFBgcICQoLDA0ODw==\r\nUser-Agent: MS-RDGateway/1.0\r\n"
        "RDG-Connection-Id: {00000000-0000-0000-0000-000000000000}\r\nRDG-Auth-Scheme: PAA\r\n\r\n";
    if (write_all(line, (const unsigned char *)request, sizeof request - 1)) return -1;
    char head[1024];
    size_t have = 0;
    while (have < 4 || memcmp(head + have - 4, "\r\n\r\n", 4)) {
        if (have == sizeof head || SSL_read(line->ssl, head + have, 1) != 1) return -1;
        have++;
    }
    if (memcmp(head, "HTTP/1.1 101", 12)) {
        fprintf(stderr, "load: no upgrade: %.*s\n", 40, head);
        return -1;
    }
    unsigned char packet[256] = {0};
    packet_header(packet, 1, 14);
    packet[8] = 1;
    packet[12] = 2;  // PAA
    if (exchange_packet(line, packet, 14, 2)) return -1;

    memset(packet, 0, sizeof packet);
    packet[8] = 0x02;   // the client handles idle timeouts
    packet[12] = 0x01;  // a cookie follows
    size_t size = 16 + wide(packet + 16, "abcdefghijklmnopqrstuvwxyz");
    packet_header(packet, 4, size);
    if (exchange_packet(line, packet, size, 5)) return -1;

    memset(packet, 0, sizeof packet);
    size = 10 + wide(packet + 10, "bench");
    packet_header(packet, 6, size);
    if (exchange_packet(line, packet, size, 7)) return -1;

    memset(packet, 0, sizeof packet);
    packet[8] = 1;
    packet[10] = 0x3d;
    packet[11] = 0x0d;  // 3389
    packet[12] = 3;
    size = 14 + wide(packet + 14, "bench-desktop");
    packet_header(packet, 8, size);
    return exchange_packet(line, packet, size, 9);
}

int line_open(struct line *line, const struct target *target, unsigned number) {
    memset(line, 0, sizeof *line);
    line->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (line->fd < 0) return -1;
    int one = 1;
    struct linger reset = {1, 0};
    setsockopt(line->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    setsockopt(line->fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
    setsockopt(line->fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &one, sizeof one);
    struct sockaddr_in source = {.sin_family = AF_INET};
    source.sin_addr.s_addr = htonl(0x7f000002u + number % 200);
    struct sockaddr_in peer = {.sin_family = AF_INET, .sin_port = htons(target->port)};
    peer.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    struct timeval limit = {12, 0};
    setsockopt(line->fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    if (bind(line->fd, (struct sockaddr *)&source, sizeof source)
        || connect(line->fd, (struct sockaddr *)&peer, sizeof peer)) {
        close(line->fd);
        return -1;
    }
    if (target->framing == FRAMING_DIRECT) return 0;
    line->ssl = SSL_new(target->tls);
    SSL_set_fd(line->ssl, line->fd);
    SSL_set_tlsext_host_name(line->ssl, "localhost");
    if (SSL_connect(line->ssl) != 1 || (target->framing == FRAMING_TUNNEL && open_tunnel(line))) {
        ERR_clear_error();
        line_close(line);
        return -1;
    }
    return 0;
}

int line_order(struct line *line, const struct target *target, const struct order *order) {
    static const char head[] = "GET /bench HTTP/1.1\r\nHost: localhost\r\n\r\n";
    unsigned char out[sizeof head + sizeof *order];
    size_t size = target->framing == FRAMING_PORTAL ? sizeof head - 1 : 0;
    memcpy(out, head, size);
    memcpy(out + size, order, sizeof *order);
    return line_send(line, target->framing, out, size + sizeof *order);
}

void line_close(struct line *line) {
    SSL_free(line->ssl);
    close(line->fd);
}
