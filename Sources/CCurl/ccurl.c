#include "CCurl.h"

bool ccurl_set_long(CURL *easy, CURLoption option, long value) {
    return curl_easy_setopt(easy, option, value) == CURLE_OK;
}
bool ccurl_set_string(CURL *easy, CURLoption option, const char *value) {
    return curl_easy_setopt(easy, option, value) == CURLE_OK;
}
bool ccurl_set_pointer(CURL *easy, CURLoption option, void *value) {
    return curl_easy_setopt(easy, option, value) == CURLE_OK;
}
bool ccurl_set_receiver(CURL *easy, CURLoption option, CCurlReceiver receiver) {
    return curl_easy_setopt(easy, option, receiver) == CURLE_OK;
}
bool ccurl_set_socket_opener(CURL *easy, CCurlSocketOpener opener) {
    return curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, opener) == CURLE_OK;
}

long ccurl_status(CURL *easy) {
    long status = 0;
    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    return status;
}

curl_off_t ccurl_retry_after(CURL *easy) {
    curl_off_t seconds = 0;
    curl_easy_getinfo(easy, CURLINFO_RETRY_AFTER, &seconds);
    return seconds;
}

bool ccurl_take_finished(CURLM *multi, CURL **easy, CURLcode *result) {
    int left = 0;
    CURLMsg *message;
    while ((message = curl_multi_info_read(multi, &left))) {
        if (message->msg != CURLMSG_DONE) continue;
        *easy = message->easy_handle;
        *result = message->data.result;
        return true;
    }
    return false;
}
