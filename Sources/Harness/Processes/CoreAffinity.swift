import CLinux
import Glibc

/// Which processor cores the calling thread, and what it starts from then on, may use.
public enum CoreAffinity {
    /// How many cores this machine has for us.
    public static var coreCount: Int { Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))) }

    /// A core of its own for the daemon and another for its load; both `nil` on a machine with one.
    public static var daemonCore: Int? { coreCount >= 2 ? 0 : nil }
    public static var loadCore: Int? { coreCount >= 2 ? 1 : nil }

    public static func current() -> cpu_set_t {
        var set = cpu_set_t()
        sched_getaffinity(0, MemoryLayout<cpu_set_t>.size, &set)
        return set
    }

    public static func set(_ set: cpu_set_t) {
        var set = set
        sched_setaffinity(0, MemoryLayout<cpu_set_t>.size, &set)
    }

    public static func pin(to core: Int) {
        var mask = cpu_set_t()
        // `CPU_SET` is a macro that does not import: bit `core` of an array of machine words.
        withUnsafeMutableBytes(of: &mask) { bytes in
            if core / 8 < bytes.count { bytes[core / 8] |= 1 << (core % 8) }
        }
        set(mask)
    }
}
