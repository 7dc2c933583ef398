// lwIP, as Debian builds it, behind a descriptor: the Ethernet frames of one interface come and go on standard input.
//
//   lwip-server IPV4 IPV6
//
// What the ports do:
//   7   sends everything back and closes when the peer has
//   8   says "late\n" 300 ms after the peer has closed, and closes 50 ms after that
//   9   takes everything, says nothing and closes when the peer has
//   13  says "now\n" at once, closes first, and goes on reading
//   23  takes everything and never closes
//   79  resets the connection where it would close
//   80  answers the first octets with "now\n", closes first, and goes on reading
//
// On standard output: "ready"; what an application sees of its connections, as in "7 from 40000: accepted", "… read 5",
// "… eof", "… reset"; and the whole table of connections whenever it has changed, as in "table 7:40000=ESTABLISHED".
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <lwip/init.h>
#include <lwip/netif.h>
#include <lwip/etharp.h>
#include <lwip/ethip6.h>
#include <lwip/pbuf.h>
#include <lwip/priv/tcp_priv.h>
#include <lwip/tcp.h>
#include <lwip/tcpip.h>
#include <lwip/timeouts.h>

enum { WIRE = 0, ROOM = 2048 };

static struct netif interface;

static void say(const struct tcp_pcb *pcb, const char *what) {
    printf("%u from %u: %s\n", pcb->local_port, pcb->remote_port, what);
}

static void close_now(void *argument) {
    struct tcp_pcb *pcb = argument;
    tcp_arg(pcb, NULL);
    say(pcb, "closes");
    if (tcp_close(pcb) != ERR_OK) tcp_abort(pcb);
}

static void speak_late(void *argument) {
    struct tcp_pcb *pcb = argument;
    tcp_write(pcb, "late\n", 5, TCP_WRITE_FLAG_COPY);
    tcp_output(pcb);
    sys_timeout(50, close_now, pcb);
}

// Says its word and closes its direction; the other one stays open.
static void speak_and_close(struct tcp_pcb *pcb) {
    tcp_arg(pcb, NULL);
    tcp_write(pcb, "now\n", 4, TCP_WRITE_FLAG_COPY);
    tcp_shutdown(pcb, 0, 1);
}

static err_t at_eof(void *argument, struct tcp_pcb *pcb) {
    say(pcb, "eof");
    if (!argument) return ERR_OK;
    switch (pcb->local_port) {
    case 8:
        sys_timeout(300, speak_late, pcb);
        return ERR_OK;
    case 23:
        return ERR_OK;
    case 79:
        tcp_arg(pcb, NULL);
        tcp_abort(pcb);
        return ERR_ABRT;
    default:
        close_now(pcb);
        return ERR_OK;
    }
}

static err_t received(void *argument, struct tcp_pcb *pcb, struct pbuf *text, err_t problem) {
    (void)problem;
    if (!text) return at_eof(argument, pcb);
    printf("%u from %u: read %u\n", pcb->local_port, pcb->remote_port, text->tot_len);
    tcp_recved(pcb, text->tot_len);
    for (struct pbuf *part = text; pcb->local_port == 7 && part; part = part->next)
        tcp_write(pcb, part->payload, part->len, TCP_WRITE_FLAG_COPY);
    pbuf_free(text);
    if (pcb->local_port == 80 && argument) speak_and_close(pcb);
    return ERR_OK;
}

// The block is gone already; what is left is whom it was for.
static void failed(void *argument, err_t problem) {
    struct tcp_pcb *pcb = argument;
    if (!pcb) return;
    sys_untimeout(speak_late, pcb);
    sys_untimeout(close_now, pcb);
    printf("a connection: %s\n", problem == ERR_RST ? "reset" : "ended");
}

static err_t accepted(void *argument, struct tcp_pcb *pcb, err_t problem) {
    (void)argument;
    if (problem != ERR_OK || !pcb) return ERR_VAL;
    say(pcb, "accepted");
    tcp_arg(pcb, pcb);
    tcp_recv(pcb, received);
    tcp_err(pcb, failed);
    if (pcb->local_port == 13) speak_and_close(pcb);
    return ERR_OK;
}

static void listen_on(u16_t port) {
    struct tcp_pcb *pcb = tcp_new_ip_type(IPADDR_TYPE_ANY);
    if (!pcb || tcp_bind(pcb, IP_ANY_TYPE, port) != ERR_OK) exit(1);
    pcb = tcp_listen(pcb);
    if (!pcb) exit(1);
    tcp_accept(pcb, accepted);
}

static err_t transmit(struct netif *netif, struct pbuf *frame) {
    char octets[ROOM];
    (void)netif;
    u16_t count = pbuf_copy_partial(frame, octets, sizeof octets, 0);
    return write(WIRE, octets, count) == count ? ERR_OK : ERR_IF;
}

static err_t set_up(struct netif *netif) {
    static const u8_t address[] = {2, 0, 0, 0, 0, 2};
    netif->name[0] = 'h';
    netif->name[1] = 'p';
    netif->mtu = 1500;
    netif->hwaddr_len = sizeof address;
    memcpy(netif->hwaddr, address, sizeof address);
    netif->output = etharp_output;
    netif->output_ip6 = ethip6_output;
    netif->linkoutput = transmit;
    netif->flags = NETIF_FLAG_BROADCAST | NETIF_FLAG_ETHARP | NETIF_FLAG_ETHERNET | NETIF_FLAG_LINK_UP | NETIF_FLAG_MLD6;
    return ERR_OK;
}

static void receive(void *argument) {
    (void)argument;
    char octets[ROOM];
    struct pollfd wire = {.fd = WIRE, .events = POLLIN};
    while (poll(&wire, 1, -1) > 0) {
        ssize_t count = read(WIRE, octets, sizeof octets);
        if (count < 0 && errno == EAGAIN) continue;
        if (count <= 0) break;
        struct pbuf *frame = pbuf_alloc(PBUF_RAW, (u16_t)count, PBUF_POOL);
        if (!frame) continue;
        pbuf_take(frame, octets, (u16_t)count);
        if (tcpip_input(frame, &interface) != ERR_OK) pbuf_free(frame);
    }
    exit(0);
}

static size_t describe(char *text, size_t room, size_t used, struct tcp_pcb *list) {
    for (struct tcp_pcb *pcb = list; pcb && used < room; pcb = pcb->next)
        used += snprintf(text + used, room - used, " %u:%u=%s", pcb->local_port, pcb->remote_port,
                         tcp_debug_state_str(pcb->state));
    return used;
}

// The table is looked at far more often than its states change.
static void watch_table(void) {
    char last[4096] = "", now[4096];
    while (1) {
        LOCK_TCPIP_CORE();
        size_t used = describe(now, sizeof now, 0, tcp_active_pcbs);
        used = describe(now, sizeof now, used, tcp_tw_pcbs);
        UNLOCK_TCPIP_CORE();
        if (used < sizeof now) now[used] = 0;
        if (strcmp(now, last)) printf("table%s\n", now);
        strcpy(last, now);
        usleep(2000);
    }
}

int main(int count, char **arguments) {
    static const u16_t ports[] = {7, 8, 9, 13, 23, 79, 80};
    ip4_addr_t ipv4, mask;
    ip6_addr_t ipv6;
    s8_t index;
    setvbuf(stdout, NULL, _IOLBF, 0);
    if (count != 3 || !ip4addr_aton(arguments[1], &ipv4) || !ip6addr_aton(arguments[2], &ipv6)) {
        fprintf(stderr, "usage: lwip-server IPV4 IPV6 <the wire\n");
        return 2;
    }
    IP4_ADDR(&mask, 255, 255, 255, 0);
    tcpip_init(NULL, NULL);
    LOCK_TCPIP_CORE();
    if (!netif_add(&interface, &ipv4, &mask, &ipv4, NULL, set_up, tcpip_input)) return 1;
    netif_create_ip6_linklocal_address(&interface, 1);
    netif_ip6_addr_set_state(&interface, 0, IP6_ADDR_PREFERRED);
    if (netif_add_ip6_address(&interface, &ipv6, &index) != ERR_OK) return 1;
    // Preferred at once: there is nobody else to ask whether the address is in use.
    netif_ip6_addr_set_state(&interface, index, IP6_ADDR_PREFERRED);
    netif_set_default(&interface);
    netif_set_up(&interface);
    for (size_t port = 0; port < sizeof ports / sizeof *ports; port++) listen_on(ports[port]);
    UNLOCK_TCPIP_CORE();
    sys_thread_new("wire", receive, NULL, 0, 0);
    printf("ready\n");
    watch_table();
}
