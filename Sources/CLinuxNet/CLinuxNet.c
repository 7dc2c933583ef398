#define _GNU_SOURCE
#include "CLinuxNet.h"

#include <malloc.h>
#include <linux/capability.h>
#include <linux/errqueue.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

// The same on every architecture, and missing in headers older than Linux 5.9.
#ifndef SYS_close_range
#define SYS_close_range 436
#endif

int linux_ppoll(struct pollfd *descriptors, nfds_t count, const struct timespec *timeout) {
    return ppoll(descriptors, count, timeout, NULL);
}

int linux_accept(int descriptor) { return accept4(descriptor, NULL, NULL, SOCK_CLOEXEC); }

int linux_sendmmsg(int descriptor, const struct linux_outgoing *datagrams, unsigned int count, int flags) {
    struct mmsghdr headers[LINUX_SEND_BATCH];
    struct iovec parts[LINUX_SEND_BATCH];
    if (count > LINUX_SEND_BATCH) count = LINUX_SEND_BATCH;
    memset(headers, 0, sizeof headers[0] * count);
    for (unsigned int i = 0; i < count; i++) {
        parts[i].iov_base = (void *)datagrams[i].octets;
        parts[i].iov_len = datagrams[i].count;
        headers[i].msg_hdr.msg_name = (void *)datagrams[i].address;
        headers[i].msg_hdr.msg_namelen = datagrams[i].address_length;
        headers[i].msg_hdr.msg_iov = &parts[i];
        headers[i].msg_hdr.msg_iovlen = 1;
    }
    return sendmmsg(descriptor, headers, count, flags);
}

ssize_t linux_recvmsg(int descriptor, void *octets, size_t capacity, int flags, struct linux_incoming *incoming) {
    union {
        char octets[512];
        struct cmsghdr alignment;
    } control;
    struct iovec part = {.iov_base = octets, .iov_len = capacity};
    memset(incoming, 0, sizeof *incoming);
    incoming->hop_limit = -1;
    incoming->traffic_class = -1;
    struct msghdr header = {
        .msg_name = &incoming->source,
        .msg_namelen = sizeof incoming->source,
        .msg_iov = &part,
        .msg_iovlen = 1,
        .msg_control = control.octets,
        .msg_controllen = sizeof control.octets,
    };
    ssize_t count = recvmsg(descriptor, &header, flags);
    if (count < 0) return count;
    for (struct cmsghdr *c = CMSG_FIRSTHDR(&header); c != NULL; c = CMSG_NXTHDR(&header, c)) {
        const unsigned char *data = CMSG_DATA(c);
        if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_PKTINFO) {
            struct in_pktinfo info;
            memcpy(&info, data, sizeof info);
            incoming->interface_index = (uint32_t)info.ipi_ifindex;
            memcpy(incoming->destination, &info.ipi_addr, sizeof info.ipi_addr);
        } else if (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_PKTINFO) {
            struct in6_pktinfo info;
            memcpy(&info, data, sizeof info);
            incoming->interface_index = info.ipi6_ifindex;
            memcpy(incoming->destination, &info.ipi6_addr, sizeof info.ipi6_addr);
        } else if (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_HOPLIMIT) {
            memcpy(&incoming->hop_limit, data, sizeof incoming->hop_limit);
        } else if (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_TCLASS) {
            memcpy(&incoming->traffic_class, data, sizeof incoming->traffic_class);
        } else if ((c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_RECVERR)
                   || (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_RECVERR)) {
            struct sock_extended_err error;
            memcpy(&error, data, sizeof error);
            incoming->error_number = error.ee_errno;
            incoming->error_origin = error.ee_origin;
            size_t rest = c->cmsg_len - CMSG_LEN(sizeof error);
            if (rest > sizeof incoming->offender) rest = sizeof incoming->offender;
            memcpy(&incoming->offender, data + sizeof error, rest);
        }
    }
    return count;
}

int linux_set_md5_key(
    int descriptor, const struct sockaddr_storage *address, int prefix_length, const uint8_t *key, size_t key_length) {
    struct tcp_md5sig signature;
    memset(&signature, 0, sizeof signature);
    memcpy(&signature.tcpm_addr, address, sizeof signature.tcpm_addr);
    if (prefix_length >= 0) {
        signature.tcpm_flags = TCP_MD5SIG_FLAG_PREFIX;
        signature.tcpm_prefixlen = (uint8_t)prefix_length;
    }
    if (key_length > sizeof signature.tcpm_key) key_length = sizeof signature.tcpm_key;
    signature.tcpm_keylen = (uint16_t)key_length;
    memcpy(signature.tcpm_key, key, key_length);
    int option = prefix_length >= 0 ? TCP_MD5SIG_EXT : TCP_MD5SIG;
    return setsockopt(descriptor, IPPROTO_TCP, option, &signature, sizeof signature);
}

socklen_t linux_packet_address(
    struct sockaddr_storage *address, int interface_index, uint16_t protocol, const uint8_t *hardware, uint8_t count) {
    struct sockaddr_ll link;
    memset(&link, 0, sizeof link);
    link.sll_family = AF_PACKET;
    link.sll_protocol = htons(protocol);
    link.sll_ifindex = interface_index;
    if (count > sizeof link.sll_addr) count = sizeof link.sll_addr;
    link.sll_halen = count;
    if (count > 0) memcpy(link.sll_addr, hardware, count);
    memset(address, 0, sizeof *address);
    memcpy(address, &link, sizeof link);
    return sizeof link;
}

int linux_capget(struct linux_capabilities *capabilities) {
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
    struct __user_cap_data_struct data[2];
    if (syscall(SYS_capget, &header, data) < 0) return -1;
    capabilities->effective = data[0].effective | (uint64_t)data[1].effective << 32;
    capabilities->permitted = data[0].permitted | (uint64_t)data[1].permitted << 32;
    capabilities->inheritable = data[0].inheritable | (uint64_t)data[1].inheritable << 32;
    return 0;
}

int linux_capset(const struct linux_capabilities *capabilities) {
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
    struct __user_cap_data_struct data[2];
    for (int word = 0; word < 2; word++) {
        data[word].effective = (uint32_t)(capabilities->effective >> 32 * word);
        data[word].permitted = (uint32_t)(capabilities->permitted >> 32 * word);
        data[word].inheritable = (uint32_t)(capabilities->inheritable >> 32 * word);
    }
    return (int)syscall(SYS_capset, &header, data);
}

int linux_set_no_new_privileges(void) {
    return prctl(PR_SET_NO_NEW_PRIVS, 1UL, 0UL, 0UL, 0UL);
}

int linux_clear_ambient_capabilities(void) {
    return prctl(PR_CAP_AMBIENT, (unsigned long)PR_CAP_AMBIENT_CLEAR_ALL, 0UL, 0UL, 0UL);
}

int linux_drop_bounding_capability(unsigned int capability) {
    return prctl(PR_CAPBSET_DROP, (unsigned long)capability, 0UL, 0UL, 0UL);
}

int linux_set_timer_slack(unsigned long nanoseconds) {
    return prctl(PR_SET_TIMERSLACK, nanoseconds, 0UL, 0UL, 0UL);
}

// The rest of the child's life. It may be the child of a process with threads: nothing here allocates or locks.
static _Noreturn void hold(const int *descriptors, unsigned int count, int peer) {
    int last = count > 0 ? descriptors[count - 1] : -1;
    int channel = fcntl(peer, F_DUPFD, last + 1);
    unsigned int next = 0;
    char octet = 0;
    if (channel < 0) _exit(1);
    for (unsigned int i = 0; i <= count; i++) {
        unsigned int kept = (unsigned int)(i < count ? descriptors[i] : channel);
        if (kept > next && syscall(SYS_close_range, next, kept - 1, 0) < 0) _exit(1);
        next = kept + 1;
    }
    if (syscall(SYS_close_range, next, ~0U, 0) < 0 || write(channel, &octet, 1) != 1) _exit(1);
    while (read(channel, &octet, 1) < 0 && errno == EINTR) {}
    _exit(0);
}

int linux_hold_open(const int *descriptors, unsigned int count, pid_t *process) {
    int ends[2];
    char octet;
    ssize_t heard;
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0) return -1;
    *process = fork();
    if (*process == 0) hold(descriptors, count, ends[1]);
    close(ends[1]);
    do {
        heard = *process < 0 ? -1 : read(ends[0], &octet, 1);
    } while (heard < 0 && *process > 0 && errno == EINTR);
    if (heard == 1) return ends[0];
    close(ends[0]);
    return -1;
}

FILE *linux_open_reader(void *source, ssize_t (*read)(void *source, char *octets, size_t capacity)) {
    return fopencookie(source, "r", (cookie_io_functions_t){.read = read});
}

void linux_share_heap(void) {
    mallopt(M_ARENA_MAX, 1);
    mallopt(M_TOP_PAD, 1 << 20);
}
