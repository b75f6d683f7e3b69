import Testing

@testable import Transport

@Test func `a short text frame is its header and payload`() {
    #expect(Chunk.text([1, 2, 3]).bytes == [0x81, 3, 1, 2, 3])
}
