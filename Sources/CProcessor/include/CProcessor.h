// What Swift cannot say to the processor. No logic lives here.
#ifndef CPROCESSOR_H
#define CPROCESSOR_H

#include <stddef.h>

// Asks for `count` octets to be in the caches soon. Reads nothing: any address will do.
static inline void processor_prefetch(const void *start, size_t count) {
    for (size_t offset = 0; offset < count; offset += 64) __builtin_prefetch((const char *)start + offset);
}

#endif
