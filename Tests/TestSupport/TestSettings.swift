import Glibc

/// Whether the long forms of tests run: `LYCEUM_TEST_ALL=1`, as `deploy/test --all` sets it.
public let runsLongTests = getenv("LYCEUM_TEST_ALL") != nil

/// Whether the largest of them run: not under a sanitizer, where they would take hours and measure the sanitizer.
public let runsLargestTests = runsLongTests && !isSanitized

/// A bound on memory. Under a sanitizer it is wider: shadow bytes, red zones and freed memory kept back count with the
/// daemon's own, up to what the sanitizer's options let it keep.
public func memory(_ bytes: Int) -> Int { isSanitized ? bytes * 4 + 512 << 20 : bytes }

/// How long to wait for what comes sooner or later. Under a sanitizer everything takes several times as long, and a wait
/// that ends as soon as it may costs nothing by its length.
public func patience(_ limit: Duration) -> Duration { isSanitized ? limit * 4 : limit }

/// Whether the tests run under a sanitizer, as `deploy/test --all` has them run.
let isSanitized = getenv("ASAN_OPTIONS") != nil || getenv("TSAN_OPTIONS") != nil
