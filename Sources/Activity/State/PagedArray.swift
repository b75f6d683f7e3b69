/// A growing array whose elements never move: growth allocates one more page and copies nothing.
///
/// Elements are read and changed where they lie. An array's own subscript hands out a copy, and a copy of what is known of
/// a member counts seven references up and down again.
struct PagedArray<Element: Sendable>: Sendable {
    private static var shift: Int { 9 }
    private static var mask: Int { (1 << shift) - 1 }

    /// `@unchecked Sendable`: whoever changes a page makes it unique first, as an array does.
    private final class Page: @unchecked Sendable {
        let elements: UnsafeMutablePointer<Element>
        let capacity: Int
        var count = 0

        init(capacity: Int) {
            self.capacity = capacity
            elements = .allocate(capacity: capacity)
        }

        init(copying page: Page, capacity: Int) {
            self.capacity = capacity
            elements = .allocate(capacity: capacity)
            elements.initialize(from: page.elements, count: page.count)
            count = page.count
        }

        deinit {
            elements.deinitialize(count: count)
            elements.deallocate()
        }
    }

    private var pages: ContiguousArray<Page> = []
    private(set) var count = 0

    subscript(position: UInt32) -> Element {
        @inline(__always) unsafeAddress {
            precondition(position < count, "A position has an element.")
            return UnsafePointer(pages[Int(position) >> Self.shift].elements + (Int(position) & Self.mask))
        }
        @inline(__always) unsafeMutableAddress {
            precondition(position < count, "A position has an element.")
            let page = Int(position) >> Self.shift
            if !isKnownUniquelyReferenced(&pages[page]) {
                pages[page] = Page(copying: pages[page], capacity: pages[page].capacity)
            }
            return pages[page].elements + (Int(position) & Self.mask)
        }
    }

    var indices: Range<UInt32> { 0..<UInt32(count) }

    @discardableResult
    mutating func append(_ element: Element) -> UInt32 {
        // A small engine (one private room) should not pay for a whole page.
        if count & Self.mask == 0 { pages.append(Page(capacity: count == 0 ? 4 : 1 << Self.shift)) }
        let last = pages.count - 1
        let (used, capacity) = (pages[last].count, pages[last].capacity)
        if used == capacity || !isKnownUniquelyReferenced(&pages[last]) {
            pages[last] = Page(copying: pages[last], capacity: used == capacity ? 2 * capacity : capacity)
        }
        (pages[last].elements + used).initialize(to: element)
        pages[last].count = used + 1
        count += 1
        return UInt32(count - 1)
    }
}
