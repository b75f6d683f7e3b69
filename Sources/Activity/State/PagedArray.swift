/// A growing array whose elements never move: growth allocates one more page and copies nothing.
struct PagedArray<Element: Sendable>: Sendable {
    private static var shift: Int { 9 }
    private static var mask: Int { (1 << shift) - 1 }

    private var pages: ContiguousArray<ContiguousArray<Element>> = []
    private(set) var count = 0

    subscript(position: UInt32) -> Element {
        @inline(__always) _read { yield pages[Int(position) >> Self.shift][Int(position) & Self.mask] }
        @inline(__always) _modify { yield &pages[Int(position) >> Self.shift][Int(position) & Self.mask] }
    }

    var indices: Range<UInt32> { 0..<UInt32(count) }

    @discardableResult
    mutating func append(_ element: Element) -> UInt32 {
        if count & Self.mask == 0 {
            var page = ContiguousArray<Element>()
            // A small engine (one private room) should not pay for a whole page.
            if count > 0 { page.reserveCapacity(1 << Self.shift) }
            pages.append(page)
        }
        pages[pages.count - 1].append(element)
        count += 1
        return UInt32(count - 1)
    }
}
