import Testing

@testable import Activity

@Suite struct CellMapTests {
    /// The same random changes, made to a map and to a dictionary.
    @Test(arguments: [8, 40, 700, 5_000] as [UInt32])
    func `a map holds what a dictionary holds, however it grows and shrinks`(keys: UInt32) {
        for seed in UInt64(0)..<20 {
            var random = SplitMix64(seed: seed)
            var map = CellMap<UInt32>()
            var model: [UInt32: UInt32] = [:]
            for round in 0..<Int(keys) * 3 {
                let key = UInt32.random(in: 0..<keys, using: &random)
                if Int.random(in: 0..<3, using: &random) == 0 {
                    map.remove(key)
                    model[key] = nil
                } else {
                    map[key, default: 0] += UInt32(round)
                    model[key, default: 0] += UInt32(round)
                }
            }
            #expect(map.count == model.count)
            #expect(Dictionary(uniqueKeysWithValues: map.entries.map { ($0.key, $0.value) }) == model, "seed \(seed)")
            #expect((0..<keys).allSatisfy { map[$0] == model[$0] }, "seed \(seed)")
            for key in model.keys.sorted() { map.remove(key) }
            #expect(map.isEmpty && map.entries.isEmpty)
        }
    }

    @Test func `a map of a hundred thousand finds each, and keeps the order of insertion`() {
        var map = CellMap<UInt64>()
        for key in UInt32(0)..<100_000 { map[key &* 2_654_435_761, default: 0] = UInt64(key) }
        #expect((UInt32(0)..<100_000).allSatisfy { map[$0 &* 2_654_435_761] == UInt64($0) })
        #expect(map.entries.map(\.value) == Array(0..<100_000))
    }

    @Test(arguments: [3, 500] as [UInt32])
    func `a copy does not see what happens to its original`(count: UInt32) {
        var map = CellMap<UInt32>()
        for key in 0..<count { map[key, default: 0] = key }
        let copy = map
        map[1, default: 0] = 99
        map.remove(0)
        map[count, default: 0] = 7
        #expect(copy.count == Int(count) && copy[0] == 0 && copy[1] == 1 && copy[count] == nil)
        #expect(map.count == Int(count) && map[0] == nil && map[1] == 99 && map[count] == 7)
    }

    @Test(arguments: [3, 24, 25, 400, 4_000] as [UInt32])
    func `many keys looked up at once are found like one after the other`(count: UInt32) {
        var map = CellMap<UInt64>()
        for key in 0..<count { map[key &* 2_654_435_761, default: 0] = UInt64(key) }
        // Two of three keys are none of the map's, and fall onto places of others.
        let keys = ContiguousArray((0..<count * 3).map { $0 &* 2_654_435_761 })
        var found: [Int: UInt64] = [:]
        map.forEach(of: keys) { found[$0] = $1 }
        #expect(found == Dictionary(uniqueKeysWithValues: (0..<Int(count)).map { ($0, UInt64($0)) }))
        CellMap<UInt64>(minimumCapacity: Int(count)).forEach(of: keys) { index, _ in Issue.record("\(index)") }
    }

    @Test func `the last cells are those that were added last`() {
        var map = CellMap<UInt32>(minimumCapacity: 40)
        for key in UInt32(0)..<100 { map[key, default: 0] = key }
        var seen: [UInt32] = []
        map.forEach(last: 3) { key, _ in seen.append(key) }
        #expect(seen == [97, 98, 99])
        seen = []
        map.forEach(last: 1_000) { key, _ in seen.append(key) }
        #expect(seen == Array(0..<100))
    }
}

@Suite struct PagedArrayTests {
    @Test(arguments: [1, 3, 4, 5, 512, 513, 1_500])
    func `elements stay where they are, and a copy does not see what happens to its original`(count: Int) {
        var array = PagedArray<String>()
        for number in 0..<count { #expect(array.append("element \(number)") == UInt32(number)) }
        let copy = array
        let last = UInt32(count - 1)
        array[last] += " changed"
        array.append("one more")
        #expect(copy.count == count && array.count == count + 1)
        #expect(copy.indices.allSatisfy { copy[$0] == "element \($0)" })
        #expect(array[last] == "element \(last) changed" && array[UInt32(count)] == "one more")
        var other = copy
        other.append("another")
        #expect(other[UInt32(count)] == "another" && array[UInt32(count)] == "one more" && copy.count == count)
    }
}
