/* The least that a program with a capture can do: open, filter and close a libpcap handle. pcap-floor INTERFACE FILTER
 *
 * Snaplen, buffer, immediate mode and stamps are those that handprobe asks for. */
#include <pcap/pcap.h>
#include <stdio.h>

enum { snaplen = 65400, slots = 256, buffer = (snaplen + 128) * slots };

int main(int count, char **words) {
    char reason[PCAP_ERRBUF_SIZE];
    struct bpf_program filter;
    if (count != 3) return 2;
    pcap_t *capture = pcap_create(words[1], reason);
    if (capture == NULL) {
        fprintf(stderr, "pcap-floor: %s\n", reason);
        return 1;
    }
    pcap_set_snaplen(capture, snaplen);
    pcap_set_buffer_size(capture, buffer);
    pcap_set_immediate_mode(capture, 1);
    pcap_set_tstamp_precision(capture, PCAP_TSTAMP_PRECISION_NANO);
    if (pcap_activate(capture) < 0 || pcap_compile(capture, &filter, words[2], 1, PCAP_NETMASK_UNKNOWN) < 0 ||
        pcap_setfilter(capture, &filter) < 0) {
        fprintf(stderr, "pcap-floor: %s\n", pcap_geterr(capture));
        return 1;
    }
    pcap_freecode(&filter);
    pcap_close(capture);
    return 0;
}
