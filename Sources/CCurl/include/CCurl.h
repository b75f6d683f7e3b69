#ifndef LYCEUM_CCURL_H
#define LYCEUM_CCURL_H

// libcurl's functions that take a variable argument do not import into Swift; these give each kind of argument that
// Lyceum passes a function of its own.

#include <curl/curl.h>
#include <stdbool.h>

typedef size_t (*CCurlReceiver)(char *bytes, size_t size, size_t count, void *context);
typedef curl_socket_t (*CCurlSocketOpener)(void *context, curlsocktype purpose, struct curl_sockaddr *address);

/// Each tells whether libcurl took the option; a transfer whose options were not taken must not start.
bool ccurl_set_long(CURL *easy, CURLoption option, long value);
bool ccurl_set_string(CURL *easy, CURLoption option, const char *value);
bool ccurl_set_pointer(CURL *easy, CURLoption option, void *value);
bool ccurl_set_receiver(CURL *easy, CURLoption option, CCurlReceiver receiver);
bool ccurl_set_socket_opener(CURL *easy, CCurlSocketOpener opener);

long ccurl_status(CURL *easy);
/// Seconds of the answer's Retry-After, or 0.
curl_off_t ccurl_retry_after(CURL *easy);

/// Takes one transfer that has ended; false if there is none.
bool ccurl_take_finished(CURLM *multi, CURL **easy, CURLcode *result);

#endif
