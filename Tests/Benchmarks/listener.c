/* A kernel listener that accepts and lets each connection end when the peer ends it: listener PORT
 *
 * Prints a line when connections are possible. */
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

enum { most = 256 };

int main(int count, char **words) {
    if (count != 2) return 2;
    struct sockaddr_in6 any = {.sin6_family = AF_INET6, .sin6_port = htons(atoi(words[1])), .sin6_addr = in6addr_any};
    struct pollfd open[most + 1] = {{.fd = socket(AF_INET6, SOCK_STREAM, 0), .events = POLLIN}};
    int used = 1;
    if (bind(open[0].fd, (struct sockaddr *)&any, sizeof any) < 0 || listen(open[0].fd, most) < 0) {
        perror("listener");
        return 1;
    }
    puts("listening");
    fflush(stdout);
    for (;;) {
        char octets[4096];
        if (poll(open, used, -1) < 0) return 1;
        for (int i = used - 1; i >= 1; i--) {
            if (!open[i].revents || read(open[i].fd, octets, sizeof octets) > 0) continue;
            close(open[i].fd);
            open[i] = open[--used];
        }
        if (open[0].revents && used <= most) {
            int accepted = accept(open[0].fd, NULL, NULL);
            if (accepted >= 0) open[used++] = (struct pollfd){.fd = accepted, .events = POLLIN};
        }
    }
}
