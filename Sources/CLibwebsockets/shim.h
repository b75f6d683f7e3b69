#pragma once
#include <libwebsockets.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <uv.h>

// GNU extensions, which headers declare only under a feature macro that Swift does not set.
extern int accept4(int, struct sockaddr *, socklen_t *, int);
extern int pthread_setname_np(pthread_t, const char *);

static inline int CLibwebsockets_accept4(int socket, struct sockaddr *address, socklen_t *length, int flags) {
    return accept4(socket, address, length, flags);
}

static inline int CLibwebsockets_setThreadName(pthread_t thread, const char *name) {
    return pthread_setname_np(thread, name);
}

static inline int CLibwebsockets_makeEventDescriptor(void) {
    return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
}
