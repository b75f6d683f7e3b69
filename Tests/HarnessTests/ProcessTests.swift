import Glibc
import Testing

@testable import Harness

@Suite struct ProcessTests {
    @Test func `a child's lines and exit code arrive`() throws {
        let child = try ChildProcess(["sh", "-c", "echo one; echo $COLOUR; exit 3"], environment: ["COLOUR": "blue"])
        #expect(try child.firstLine(within: .seconds(10)) == "one")
        #expect(child.outputToEnd(within: .seconds(10)) == ["one", "blue"])
        #expect(child.exitCode == 3)
    }

    @Test func `a child that ends in silence is an error, not a wait`() throws {
        let child = try ChildProcess(["true"])
        #expect(throws: ChildProcess.Failure.self) { try child.firstLine(within: .seconds(10)) }
    }

    @Test func `what cannot be started says so`() {
        #expect(throws: ChildProcess.Failure.self) { try ChildProcess(["/nowhere/at/all"]) }
    }

    @Test func `a meter reads time, memory and files of a process`() {
        let meter = ProcessMeter(getpid())
        let before = meter.openFileCount
        let descriptor = open("/dev/null", O_RDONLY)
        #expect(meter.openFileCount >= before)
        close(descriptor)
        #expect(meter.residentBytes > 1_000_000)
        #expect(meter.peakResidentBytes >= meter.residentBytes / 2)
        #expect(meter.processorTime >= .zero)
    }

    @Test func `a temporary folder leaves nothing behind`() throws {
        var folder: TemporaryFolder? = try TemporaryFolder()
        let path = try #require(folder?.path)
        mkdir("\(path)/inner", 0o700)
        try writeFile("\(path)/inner/file", "text")
        #expect(readFile("\(path)/inner/file") == "text")
        folder = nil
        #expect(access(path, F_OK) != 0)
    }
}
