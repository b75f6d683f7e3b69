import LyceumProtocol
import Testing

@Test func `identifiers order by their number`() {
    #expect(RoomID(2) < RoomID(10))
    #expect(MemberID(2) < MemberID(10))
}
