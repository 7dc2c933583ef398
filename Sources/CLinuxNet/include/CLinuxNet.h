// What Swift's Glibc module cannot see of Linux networking: structures, constants and calls. No logic lives here.
#ifndef CLINUXNET_H
#define CLINUXNET_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <poll.h>
#include <signal.h>
#include <sys/random.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <time.h>

#include <linux/filter.h>
#include <linux/if_arp.h>
#include <linux/if_ether.h>
#include <linux/if_link.h>
#include <linux/if_packet.h>
#include <linux/neighbour.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>

// Constants that are enumerators, casts, or hidden behind _GNU_SOURCE where Swift looks.
enum {
    LINUX_IPPROTO_RAW = 255,
    LINUX_IPV6_HDRINCL = 36,
    LINUX_IP_MINTTL = 21,
    LINUX_IPV6_MINHOPCOUNT = 73,
    LINUX_TCP_MD5SIG = 14,
    LINUX_TCP_MD5SIG_EXT = 32,
    LINUX_IFF_LOWER_UP = 1 << 16,
    LINUX_SO_EE_ORIGIN_LOCAL = 1,
    LINUX_SO_EE_ORIGIN_ICMP = 2,
    LINUX_SO_EE_ORIGIN_ICMP6 = 3,
};

// ppoll(2) without a signal mask.
int linux_ppoll(struct pollfd *descriptors, nfds_t count, const struct timespec *timeout);

// accept4(2) of a connection that no program started meanwhile inherits, whose address is not asked for.
int linux_accept(int descriptor);

// One datagram for linux_sendmmsg.
struct linux_outgoing {
    const uint8_t *octets;
    size_t count;
    const struct sockaddr_storage *address;
    socklen_t address_length;
};

// The most datagrams one call of linux_sendmmsg takes.
enum { LINUX_SEND_BATCH = 64 };

// sendmmsg(2) of at most LINUX_SEND_BATCH datagrams.
int linux_sendmmsg(int descriptor, const struct linux_outgoing *datagrams, unsigned int count, int flags);

// What recvmsg(2) says beside the octets, its control messages laid out flat.
struct linux_incoming {
    struct sockaddr_storage source;
    // IP_PKTINFO or IPV6_PKTINFO: the interface, 0 when not told, and the destination address.
    uint32_t interface_index;
    uint8_t destination[16];
    // IPV6_HOPLIMIT and IPV6_TCLASS, -1 when not told.
    int hop_limit;
    int traffic_class;
    // IP_RECVERR or IPV6_RECVERR: the error, 0 when none, and the address of who reports it.
    uint32_t error_number;
    uint8_t error_origin;
    struct sockaddr_storage offender;
};

// recvmsg(2) of one datagram.
ssize_t linux_recvmsg(int descriptor, void *octets, size_t capacity, int flags, struct linux_incoming *incoming);

// setsockopt(2) of TCP_MD5SIG or TCP_MD5SIG_EXT: a key for the address, or for the prefix when prefix_length is not negative.
int linux_set_md5_key(
    int descriptor, const struct sockaddr_storage *address, int prefix_length, const uint8_t *key, size_t key_length);

// The address of a packet socket (packet(7)); the protocol in host order.
socklen_t linux_packet_address(
    struct sockaddr_storage *address, int interface_index, uint16_t protocol, const uint8_t *hardware, uint8_t count);

// The sets of this thread's capabilities, a bit each.
struct linux_capabilities {
    uint64_t effective;
    uint64_t permitted;
    uint64_t inheritable;
};

// capget(2) and capset(2) of the calling thread.
int linux_capget(struct linux_capabilities *capabilities);
int linux_capset(const struct linux_capabilities *capabilities);

// prctl(2) for what HandprobeNet needs of it.
int linux_set_no_new_privileges(void);
int linux_clear_ambient_capabilities(void);
int linux_drop_bounding_capability(unsigned int capability);
int linux_set_timer_slack(unsigned long nanoseconds);

// Starts a child that holds open these descriptors, given in ascending order, and nothing else of this process. When this
// returns the child has let go of all the rest. The result is a socket: the child ends when the last copy of it is closed.
// Negative when there is no such child; *process is its number.
int linux_hold_open(const int *descriptors, unsigned int count, pid_t *process);

// fopencookie(3) of a stream that is only read, by calls of read, and closed without a call.
FILE *linux_open_reader(void *source, ssize_t (*read)(void *source, char *octets, size_t capacity));

// Has malloc(3) serve all threads from one heap, which grows in large steps: mallopt(3).
void linux_share_heap(void);

#endif
