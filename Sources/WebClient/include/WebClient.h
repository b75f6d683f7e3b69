#pragma once
#include <stddef.h>

/// One file of the web client, as it is in the binary.
struct lyceum_web_asset {
    /// Relative to the client's root, such as `model/store.js`.
    const char *path;
    const unsigned char *bytes;
    size_t count;
};

/// How many files the web client has.
extern const size_t lyceum_web_asset_count;

/// The file at `index`, below `lyceum_web_asset_count`.
struct lyceum_web_asset lyceum_web_asset_at(size_t index);

/// Compresses `count` bytes as gzip (RFC 1952) into `output`, which has room for `capacity`.
///
/// Returns the compressed length, or 0 if it does not fit. zlib's initialisers are macros that Swift cannot call.
size_t lyceum_web_gzip(const unsigned char *bytes, size_t count, unsigned char *output, size_t capacity);
