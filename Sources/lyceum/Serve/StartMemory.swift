import CLinux
import Foundation

/// Memory that only the start needed: packs as text, databases while they were compiled, the code that did it.
enum StartMemory {
    /// How long the threads that the start set going, such as the tracker's, go on with it.
    private static let rest = DispatchTimeInterval.seconds(2)

    /// Gives it back now, and once more when all that began with the start has rested.
    static func giveBackOnceStarted() {
        giveBack()
        DispatchQueue.global(qos: .utility).asyncAfter(deadline: .now() + rest) { giveBack() }
    }

    /// Gives it back to the system.
    ///
    /// What was freed goes back at once instead of staying with the allocator. Code and constants are only unmapped:
    /// they stay in the page cache and are mapped again, sixteen pages at a time, by whoever needs them next.
    private static func giveBack() {
        malloc_trim(0)
        dl_iterate_phdr(
            { library, _, _ in
                guard let library else { return 0 }
                for index in 0..<Int(library.pointee.dlpi_phnum) {
                    StartMemory.unmapConstant(library.pointee.dlpi_phdr[index], at: library.pointee.dlpi_addr)
                }
                return 0
            }, nil)
    }

    /// Such a segment is never written, so each page of it is what the file says, and dropping one loses nothing.
    /// What the loader writes and then protects is part of a segment that may be written.
    private static func unmapConstant(_ segment: Elf64_Phdr, at base: UInt64) {
        guard segment.p_type == PT_LOAD, segment.p_flags & Elf64_Word(PF_W) == 0 else { return }
        let page = UInt64(getpagesize())
        let start = (base + segment.p_vaddr) & ~(page - 1)
        let length = base + segment.p_vaddr + segment.p_memsz - start
        // Best effort: what stays mapped costs memory and nothing else.
        _ = madvise(UnsafeMutableRawPointer(bitPattern: UInt(start)), Int(length), MADV_DONTNEED)
    }
}
