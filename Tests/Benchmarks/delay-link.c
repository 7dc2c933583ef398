/* Joins two Ethernet interfaces and delays every frame: delay-link INTERFACE INTERFACE MILLISECONDS
 *
 * Both interfaces are in the namespace of this process. Prints a line when frames are carried. The kernel's own netem
 * would do, but many kernels have none. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>

enum { slots = 1024, largest = 2048 };

struct frame {
    long due;
    int to;
    ssize_t length;
    unsigned char octets[largest];
};

static struct frame frames[slots];

static long now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000L + t.tv_nsec;
}

static int attach(const char *name) {
    int yes = 1, s = socket(AF_PACKET, SOCK_RAW, htons(ETH_P_ALL));
    struct sockaddr_ll where = {
        .sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL), .sll_ifindex = if_nametoindex(name)};
    if (s < 0 || where.sll_ifindex == 0 || bind(s, (struct sockaddr *)&where, sizeof where) < 0 ||
        setsockopt(s, SOL_PACKET, PACKET_IGNORE_OUTGOING, &yes, sizeof yes) < 0) {
        perror(name);
        exit(1);
    }
    return s;
}

int main(int count, char **words) {
    if (count != 4) return 2;
    struct pollfd ends[2] = {{.fd = attach(words[1]), .events = POLLIN}, {.fd = attach(words[2]), .events = POLLIN}};
    long delay = atol(words[3]) * 1000000L;
    unsigned head = 0, tail = 0;
    puts("carrying");
    fflush(stdout);
    for (;;) {
        while (head != tail && frames[head % slots].due <= now()) {
            struct frame *frame = &frames[head++ % slots];
            send(frame->to, frame->octets, frame->length, 0);
        }
        long left = head == tail ? 1000000000L : frames[head % slots].due - now();
        struct timespec wait = {.tv_sec = 0, .tv_nsec = left < 0 ? 0 : left > 999999999L ? 999999999L : left};
        if (ppoll(ends, 2, &wait, NULL) < 0) return 1;
        for (int end = 0; end < 2; end++) {
            struct frame *frame = &frames[tail % slots];
            if (!(ends[end].revents & POLLIN) || tail - head == slots) continue;
            frame->length = recv(ends[end].fd, frame->octets, largest, 0);
            frame->due = now() + delay;
            frame->to = ends[1 - end].fd;
            if (frame->length > 0) tail++;
        }
    }
}
