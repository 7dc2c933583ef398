// What Swift's Glibc module cannot see of Linux networking: structures, constants and calls. No logic lives here.
#ifndef CLINUXNET_H
#define CLINUXNET_H

#include <stdint.h>
#include <sys/socket.h>
#include <sys/types.h>

#endif
