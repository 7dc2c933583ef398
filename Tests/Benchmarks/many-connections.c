// Writes a classic pcap file of many TCP connections, interleaved, from a seed: many-connections FILE CONNECTIONS [SEED]
//
// Most open in three segments, carry a request and a response, and close in four or three; some lose a segment and send
// it again, some are refused, some reset, some never answered. Checksums are right. Nothing of handprobe is in here.
#include <arpa/inet.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SYN = 2, ACK = 16, PSH = 8, FIN = 1, RST = 4 };
// Connections going on at a time, and microseconds from one frame of the file to the next.
enum { AT_ONCE = 4096, TICK = 20 };
enum { LONGEST_FRAME = 14 + 20 + 60 + 1460 };

enum kind { FOUR_SEGMENTS, THREE_SEGMENTS, PEER_FIRST, RETRANSMITS, REFUSED, RESET, SILENT, KINDS };

struct connection {
    uint32_t client, server, client_next, server_next;
    uint16_t client_port, server_port, request, response;
    uint8_t kind, step, identification;
};

static uint64_t state;
static FILE *file;
static uint64_t now = 1700000000000000ULL;
static uint8_t text[1460];

static uint64_t next_random(void) {
    uint64_t z = (state += 0x9E3779B97F4A7C15ULL);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31);
}

static uint32_t sum(const uint8_t *octets, size_t count, uint32_t start) {
    for (size_t i = 0; i + 1 < count; i += 2) start += (uint32_t)octets[i] << 8 | octets[i + 1];
    if (count % 2) start += (uint32_t)octets[count - 1] << 8;
    return start;
}

static uint16_t folded(uint32_t value) {
    while (value >> 16) value = (value & 0xFFFF) + (value >> 16);
    return (uint16_t)~value;
}

static void put16(uint8_t *at, uint16_t value) { at[0] = value >> 8, at[1] = value & 0xFF; }
static void put32(uint8_t *at, uint32_t value) { put16(at, value >> 16), put16(at + 2, value & 0xFFFF); }

// Writes one segment of the connection, from the client or from the server, and moves that end on.
static void segment(struct connection *c, int from_client, uint8_t flags, uint16_t length, int again) {
    uint8_t frame[LONGEST_FRAME] = {2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0};
    uint8_t *ip = frame + 14, *tcp = ip + 20;
    uint32_t *next = from_client ? &c->client_next : &c->server_next;
    uint32_t seq = again ? *next - length : *next, stamp = (uint32_t)(now / 1000);
    int options = flags & SYN ? 20 : 12, header = 20 + options;
    if (flags & RST) options = 0, header = 20;
    ip[0] = 0x45, ip[6] = 0x40, ip[8] = 64, ip[9] = 6;
    put16(ip + 2, (uint16_t)(20 + header + length));
    put16(ip + 4, (uint16_t)(++c->identification + c->client_port));
    put32(ip + 12, from_client ? c->client : c->server);
    put32(ip + 16, from_client ? c->server : c->client);
    put16(ip + 10, folded(sum(ip, 20, 0)));
    put16(tcp, from_client ? c->client_port : c->server_port);
    put16(tcp + 2, from_client ? c->server_port : c->client_port);
    put32(tcp + 4, seq);
    if (flags & ACK) put32(tcp + 8, from_client ? c->server_next : c->client_next);
    tcp[12] = (uint8_t)(header / 4 << 4), tcp[13] = flags;
    put16(tcp + 14, flags & RST ? 0 : 64240 >> (flags & SYN ? 0 : 7));
    if (flags & SYN) {
        uint8_t list[20] = {2, 4, 5, 180, 4, 2, 8, 10, 0, 0, 0, 0, 0, 0, 0, 0, 1, 3, 3, 7};
        memcpy(tcp + 20, list, 20);
        put32(tcp + 28, stamp);
        if (flags & ACK) put32(tcp + 32, stamp);
    } else if (options) {
        tcp[20] = 1, tcp[21] = 1, tcp[22] = 8, tcp[23] = 10;
        put32(tcp + 24, stamp), put32(tcp + 28, stamp);
    }
    memcpy(tcp + header, text, length);
    uint32_t pseudo = sum(ip + 12, 8, 6 + (uint32_t)header + length);
    put16(tcp + 16, folded(sum(tcp, (size_t)header + length, pseudo)));
    if (!again) *next += length + !!(flags & SYN) + !!(flags & FIN);

    uint32_t octets = 14 + 20 + (uint32_t)header + length;
    uint32_t record[4] = {(uint32_t)(now / 1000000), (uint32_t)(now % 1000000), octets, octets};
    fwrite(record, sizeof record, 1, file);
    fwrite(frame, octets, 1, file);
    now += TICK;
}

// The next segment of a connection; 0 when there was none left.
static int advance(struct connection *c) {
    int step = c->step++;
    switch (c->kind) {
        case SILENT:
            if (step < 3) {
                if (step) c->client_next--;
                segment(c, 1, SYN, 0, 0);
            }
            return step < 2;
        case REFUSED:
            if (step == 0) segment(c, 1, SYN, 0, 0);
            if (step == 1) c->server_next = 0, segment(c, 0, RST | ACK, 0, 0);
            return step < 1;
    }
    switch (step) {
        case 0: segment(c, 1, SYN, 0, 0); return 1;
        case 1: segment(c, 0, SYN | ACK, 0, 0); return 1;
        case 2: segment(c, 1, ACK, 0, 0); return 1;
        case 3: segment(c, 1, PSH | ACK, c->request, 0); return 1;
        case 4:
            if (c->kind == RETRANSMITS) return segment(c, 1, PSH | ACK, c->request, 1), 1;
            c->step++;
            // Otherwise the answer at once.
            // fall through
        case 5: segment(c, 0, PSH | ACK, c->response, 0); return 1;
    }
    switch (c->kind) {
        case RESET:
            segment(c, step & 1, RST | ACK, 0, 0);
            return 0;
        case PEER_FIRST:
            if (step == 6) segment(c, 0, FIN | ACK, 0, 0);
            if (step == 7) segment(c, 1, ACK, 0, 0);
            if (step == 8) segment(c, 1, FIN | ACK, 0, 0);
            if (step == 9) segment(c, 0, ACK, 0, 0);
            return step < 9;
        case THREE_SEGMENTS:
            if (step == 6) segment(c, 1, FIN | ACK, 0, 0);
            if (step == 7) segment(c, 0, FIN | ACK, 0, 0);
            if (step == 8) segment(c, 1, ACK, 0, 0);
            return step < 8;
        default:
            if (step == 6) segment(c, 1, FIN | ACK, 0, 0);
            if (step == 7) segment(c, 0, ACK, 0, 0);
            if (step == 8) segment(c, 0, FIN | ACK, 0, 0);
            if (step == 9) segment(c, 1, ACK, 0, 0);
            return step < 9;
    }
}

static void begin(struct connection *c, uint32_t number) {
    static const uint8_t kinds[16] = {FOUR_SEGMENTS, FOUR_SEGMENTS, FOUR_SEGMENTS, FOUR_SEGMENTS, FOUR_SEGMENTS,
        THREE_SEGMENTS, THREE_SEGMENTS, THREE_SEGMENTS, THREE_SEGMENTS, PEER_FIRST, PEER_FIRST, PEER_FIRST,
        RETRANSMITS, RESET, REFUSED, SILENT};
    uint64_t random = next_random();
    // No two connections have the same sockets: the number is in the client's.
    *c = (struct connection){
        .client = 0x0A000000 + number / 50000,
        .server = 0xC6336400 + (uint32_t)(random & 0x3F),
        .client_next = (uint32_t)next_random(),
        .server_next = (uint32_t)next_random(),
        .client_port = (uint16_t)(10000 + number % 50000),
        .server_port = random >> 8 & 1 ? 443 : 80,
        .request = (uint16_t)(20 + (random >> 16 & 0x3F)),
        .response = (uint16_t)(64 + (random >> 24 & 0x1FF)),
        .kind = kinds[random >> 32 & 15],
    };
}

int main(int count, char **arguments) {
    if (count < 3) return fprintf(stderr, "usage: many-connections FILE CONNECTIONS [SEED]\n"), 1;
    file = fopen(arguments[1], "wb");
    if (!file) return perror(arguments[1]), 1;
    uint32_t connections = (uint32_t)strtoul(arguments[2], NULL, 10);
    state = count > 3 ? strtoull(arguments[3], NULL, 10) : 1;
    static char buffer[1 << 20];
    setvbuf(file, buffer, _IOFBF, sizeof buffer);
    uint32_t header[6] = {0xA1B2C3D4, 4 << 16 | 2, 0, 0, 65535, 1};
    fwrite(header, sizeof header, 1, file);
    for (size_t i = 0; i < sizeof text; i++) text[i] = (uint8_t)("the quick brown fox "[i % 20]);

    static struct connection going[AT_ONCE];
    uint32_t begun = 0, open = 0;
    while (begun < connections || open > 0) {
        while (open < AT_ONCE && begun < connections) begin(&going[open++], begun++);
        uint32_t place = (uint32_t)(next_random() % open);
        if (!advance(&going[place])) going[place] = going[--open];
    }
    if (fclose(file)) return perror(arguments[1]), 1;
    return 0;
}
