// What the test kit needs of Linux that Swift's Glibc module cannot see. Every function returns -1 and sets errno on failure.
#ifndef CTESTKIT_H
#define CTESTKIT_H

#include <poll.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

// Moves the calling thread into a new network namespace.
int ctk_unshare_network(void);
// Moves the calling thread into the network namespace that `descriptor` refers to.
int ctk_enter_network(int descriptor);

// The kernel's number of the calling thread.
pid_t ctk_thread(void);

// A process to start. `terminal` is the path of a pseudo-terminal for all three streams, or NULL.
struct ctk_launch {
    const char *path;
    char *const *arguments;
    char *const *environment;
    int network;
    int input, output, error;
    const char *terminal;
};
// Starts the process, which dies with the calling thread, and returns its pid. errno is the child's own when exec failed.
pid_t ctk_launch(const struct ctk_launch *launch);
// A descriptor that becomes readable when the child ends.
int ctk_pidfd(pid_t pid);
// A pseudo-terminal of the given size; the path of its other end is stored in `path`.
int ctk_open_terminal(unsigned short columns, unsigned short rows, char *path, size_t capacity);

// Both ends of a pipe that no program inherits: reading, then writing.
int ctk_pipe(int ends[2]);
// A connection that no program inherits: accept4(2) into a sockaddr.
int ctk_accept(int descriptor, void *address, uint32_t *length);
// A descriptor for waking a thread that polls.
int ctk_eventfd(void);
// poll with a timeout in nanoseconds; below zero waits without limit.
int ctk_poll(struct pollfd *entries, size_t count, int64_t timeout);

// A TAP device of this name in the calling thread's namespace; it lives as long as the descriptor.
int ctk_open_tap(const char *name);
// A packet socket for all frames of one interface, which may leave out those that the host itself sends.
int ctk_open_packet_socket(unsigned index, int ignore_outgoing);
// Receives one frame without waiting; tells whether this host sent it and its CLOCK_REALTIME stamp in nanoseconds.
ssize_t ctk_receive_frame(int descriptor, void *octets, size_t capacity, int *outgoing, int64_t *time);
// Frames that a packet socket lost since the last call.
int ctk_packet_drops(int descriptor);
// Index, IFF_ flags and hardware address of an interface in the calling thread's namespace.
int ctk_interface(const char *name, unsigned *index, unsigned *flags, uint8_t address[6]);

#endif
