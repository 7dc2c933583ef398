#define _GNU_SOURCE
#include "CTestKit.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#ifndef PACKET_IGNORE_OUTGOING
#define PACKET_IGNORE_OUTGOING 23
#endif

int ctk_unshare_network(void) { return unshare(CLONE_NEWNET); }

int ctk_enter_network(int descriptor) { return setns(descriptor, CLONE_NEWNET); }

// Runs in the child of fork(): nothing but system calls is allowed here.
static void become(const struct ctk_launch *launch, pid_t parent, int report) {
    int input = launch->input, output = launch->output, error = launch->error;
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    for (int number = 1; number < 32; number++) signal(number, SIG_DFL);
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0) goto failed;
    if (getppid() != parent) _exit(127);
    if (launch->network >= 0 && setns(launch->network, CLONE_NEWNET) < 0) goto failed;
    if (setsid() < 0) goto failed;
    if (launch->terminal) {
        input = output = error = open(launch->terminal, O_RDWR | O_CLOEXEC);
        if (input < 0 || ioctl(input, TIOCSCTTY, 0) < 0) goto failed;
    }
    // The caller's descriptors are above 2, so none of these overwrites one that is still needed.
    if (dup2(input, 0) < 0 || dup2(output, 1) < 0 || dup2(error, 2) < 0) goto failed;
    // Whoever made a descriptor without CLOEXEC: a socket that lives on in here is not closed when its owner closes it.
    if (close_range(3, ~0U, CLOSE_RANGE_CLOEXEC) < 0) goto failed;
    execve(launch->path, launch->arguments, launch->environment);
failed:;
    int reason = errno;
    if (write(report, &reason, sizeof reason) < 0) _exit(126);
    _exit(127);
}

pid_t ctk_launch(const struct ctk_launch *launch) {
    int report[2];
    if (pipe2(report, O_CLOEXEC) < 0) return -1;
    pid_t parent = getpid();
    pid_t child = fork();
    if (child == 0) become(launch, parent, report[1]);
    int reason = child < 0 ? errno : 0;
    close(report[1]);
    if (child > 0) {
        ssize_t count;
        do count = read(report[0], &reason, sizeof reason);
        while (count < 0 && errno == EINTR);
        if (count == (ssize_t)sizeof reason) {
            while (waitpid(child, NULL, 0) < 0 && errno == EINTR) {}
            child = -1;
        }
    }
    close(report[0]);
    if (child < 0) errno = reason;
    return child;
}

int ctk_pidfd(pid_t pid) { return (int)syscall(SYS_pidfd_open, pid, 0); }

int ctk_open_terminal(unsigned short columns, unsigned short rows, char *path, size_t capacity) {
    int descriptor = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (descriptor < 0) return -1;
    struct winsize size = {.ws_col = columns, .ws_row = rows};
    int reason = 0;
    if (grantpt(descriptor) < 0 || unlockpt(descriptor) < 0) reason = errno;
    if (!reason) reason = ptsname_r(descriptor, path, capacity);
    if (!reason && ioctl(descriptor, TIOCSWINSZ, &size) < 0) reason = errno;
    if (!reason) return descriptor;
    close(descriptor);
    errno = reason;
    return -1;
}

int ctk_accept(int descriptor, void *address, uint32_t *length) {
    return accept4(descriptor, address, length, SOCK_CLOEXEC);
}

int ctk_pipe(int ends[2]) { return pipe2(ends, O_CLOEXEC); }

pid_t ctk_thread(void) { return (pid_t)syscall(SYS_gettid); }

int ctk_eventfd(void) { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); }

int ctk_poll(struct pollfd *entries, size_t count, int64_t timeout) {
    struct timespec limit = {.tv_sec = timeout / 1000000000, .tv_nsec = timeout % 1000000000};
    return ppoll(entries, count, timeout < 0 ? NULL : &limit, NULL);
}

static int closing(int descriptor) {
    int reason = errno;
    close(descriptor);
    errno = reason;
    return -1;
}

int ctk_open_tap(const char *name) {
    int descriptor = open("/dev/net/tun", O_RDWR | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0) return -1;
    struct ifreq request = {.ifr_flags = IFF_TAP | IFF_NO_PI};
    strncpy(request.ifr_name, name, IFNAMSIZ - 1);
    return ioctl(descriptor, TUNSETIFF, &request) < 0 ? closing(descriptor) : descriptor;
}

int ctk_open_packet_socket(unsigned index, int ignore_outgoing) {
    // Protocol 0 until bound, so that no frame of another interface gets in first.
    int descriptor = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (descriptor < 0) return -1;
    int yes = 1, room = 64 << 20;
    struct sockaddr_ll address = {
        .sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL), .sll_ifindex = (int)index};
    if (setsockopt(descriptor, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof room) < 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &room, sizeof room);
    if (setsockopt(descriptor, SOL_SOCKET, SO_TIMESTAMPNS, &yes, sizeof yes) < 0) return closing(descriptor);
    if (ignore_outgoing
        && setsockopt(descriptor, SOL_PACKET, PACKET_IGNORE_OUTGOING, &yes, sizeof yes) < 0)
        return closing(descriptor);
    if (bind(descriptor, (struct sockaddr *)&address, sizeof address) < 0) return closing(descriptor);
    return descriptor;
}

ssize_t ctk_receive_frame(int descriptor, void *octets, size_t capacity, int *outgoing, int64_t *time) {
    struct sockaddr_ll address = {0};
    struct iovec part = {.iov_base = octets, .iov_len = capacity};
    union {
        char octets[256];
        struct cmsghdr alignment;
    } control;
    struct msghdr message = {
        .msg_name = &address, .msg_namelen = sizeof address, .msg_iov = &part, .msg_iovlen = 1,
        .msg_control = &control, .msg_controllen = sizeof control};
    ssize_t count = recvmsg(descriptor, &message, MSG_DONTWAIT);
    if (count < 0) return -1;
    *outgoing = address.sll_pkttype == PACKET_OUTGOING;
    *time = 0;
    for (struct cmsghdr *entry = CMSG_FIRSTHDR(&message); entry; entry = CMSG_NXTHDR(&message, entry)) {
        if (entry->cmsg_level != SOL_SOCKET || entry->cmsg_type != SCM_TIMESTAMPNS) continue;
        struct timespec stamp;
        memcpy(&stamp, CMSG_DATA(entry), sizeof stamp);
        *time = (int64_t)stamp.tv_sec * 1000000000 + stamp.tv_nsec;
    }
    return count;
}

int ctk_packet_drops(int descriptor) {
    struct tpacket_stats statistics;
    socklen_t length = sizeof statistics;
    if (getsockopt(descriptor, SOL_PACKET, PACKET_STATISTICS, &statistics, &length) < 0) return -1;
    return (int)statistics.tp_drops;
}

int ctk_interface(const char *name, unsigned *index, unsigned *flags, uint8_t address[6]) {
    int descriptor = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (descriptor < 0) return -1;
    struct ifreq request = {0};
    strncpy(request.ifr_name, name, IFNAMSIZ - 1);
    if (ioctl(descriptor, SIOCGIFINDEX, &request) < 0) return closing(descriptor);
    *index = (unsigned)request.ifr_ifindex;
    if (ioctl(descriptor, SIOCGIFFLAGS, &request) < 0) return closing(descriptor);
    *flags = (unsigned short)request.ifr_flags;
    if (ioctl(descriptor, SIOCGIFHWADDR, &request) < 0) return closing(descriptor);
    memcpy(address, request.ifr_hwaddr.sa_data, 6);
    close(descriptor);
    return 0;
}
