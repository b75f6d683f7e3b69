import LyceumProtocol

// One extension a type of the state, field by field.

extension AuthorCell: ByteCodable {
    func write(to writer: inout ByteWriter) {
        writer.write(count)
        writer.write(firstMinute)
        writer.write(last)
    }

    init(from reader: inout ByteReader) throws(SnapshotError) {
        self.init(
            count: try reader.integer(), firstMinute: try reader.integer(), last: try reader.integer())
    }
}

extension Heat: ByteCodable {
    func write(to writer: inout ByteWriter) {
        writer.encode(hour)
        writer.encode(day)
        writer.encode(week)
        writer.encode(voicesDay)
        writer.encode(voicesWeek)
        writer.encode(authors)
    }

    init(from reader: inout ByteReader) throws(SnapshotError) {
        self.init()
        hour = try reader.value()
        day = try reader.value()
        week = try reader.value()
        voicesDay = try reader.value()
        voicesWeek = try reader.value()
        restore(try reader.value())
    }
}

extension RoomTie: ByteCodable {
    func write(to writer: inout ByteWriter) {
        writer.encode(week)
        writer.encode(month)
        writer.write(first)
        writer.write(last)
    }

    init(from reader: inout ByteReader) throws(SnapshotError) {
        self.init()
        week = try reader.value()
        month = try reader.value()
        first = try reader.integer()
        last = try reader.integer()
    }
}

extension PartnerTie: ByteCodable {
    func write(to writer: inout ByteWriter) {
        writer.encode(affinity)
        writer.encode(recent)
    }

    init(from reader: inout ByteReader) throws(SnapshotError) {
        self.init()
        affinity = try reader.value()
        recent = try reader.value()
    }
}

extension ContactTie: ByteCodable {
    func write(to writer: inout ByteWriter) {
        writer.encode(contact)
        writer.encode(answered)
        writer.write(last)
    }

    init(from reader: inout ByteReader) throws(SnapshotError) {
        self.init()
        contact = try reader.value()
        answered = try reader.value()
        last = try reader.integer()
    }
}

extension AnswerTie: ByteCodable {
    func write(to writer: inout ByteWriter) {
        writer.encode(month)
        writer.encode(quarter)
    }

    init(from reader: inout ByteReader) throws(SnapshotError) {
        self.init()
        month = try reader.value()
        quarter = try reader.value()
    }
}

extension ItemEdge: ByteCodable {
    func write(to writer: inout ByteWriter) {
        writer.write(mantissa)
        writer.write(last)
        writer.write(item)
        writer.write(exponent)
    }

    init(from reader: inout ByteReader) throws(SnapshotError) {
        self.init(
            mantissa: try reader.double(), last: try reader.integer(), item: try reader.integer(),
            exponent: try reader.integer())
    }
}

extension Member: ByteCodable {
    func write(to writer: inout ByteWriter) {
        writer.write(profile)
        writer.write(isExcluded)
        writer.write(edges) { $0.encode($1) }
        writer.write(weeks) { $0.encode($1) }
    }

    init(from reader: inout ByteReader) throws(SnapshotError) {
        self.init()
        profile = try reader.integer()
        isExcluded = try reader.flag()
        edges = try reader.list { reader throws(SnapshotError) in try reader.value() }
        weeks = Weeks(try reader.list { reader throws(SnapshotError) in try reader.value() })
    }
}

extension Profile: ByteCodable {
    func write(to writer: inout ByteWriter) {
        writer.write(member)
        writer.encode(rooms)
        writer.encode(partners)
        writer.encode(contacts)
        writer.encode(terms)
        writer.encode(answers)
        writer.encode(mentioned)
        writer.encode(activityWeek)
        writer.encode(activityMonth)
        writer.encode(answersWeek)
        writer.encode(answersMonth)
        writer.encode(namedWeek)
        writer.encode(namedMonth)
        writer.encode(knowledge)
        writer.encode(clock)
        writer.write(first)
        writer.write(last)
        writer.write(lastRoom)
        writer.write(lastThread)
        writer.write(lastAsked)
        writer.write(askedAt)
    }

    init(from reader: inout ByteReader) throws(SnapshotError) {
        self.init(member: try reader.integer())
        rooms = try reader.value()
        partners = try reader.value()
        contacts = try reader.value()
        terms = try reader.value()
        answers = try reader.value()
        mentioned = try reader.value()
        activityWeek = try reader.value()
        activityMonth = try reader.value()
        answersWeek = try reader.value()
        answersMonth = try reader.value()
        namedWeek = try reader.value()
        namedMonth = try reader.value()
        knowledge = try reader.value()
        clock = try reader.value()
        first = try reader.integer()
        last = try reader.integer()
        lastRoom = try reader.integer()
        lastThread = try reader.integer()
        lastAsked = try reader.integer()
        askedAt = try reader.integer()
    }
}

extension ThreadFold: ByteCodable {
    func write(to writer: inout ByteWriter) {
        writer.write(starter)
        writer.write(root)
        writer.write(startedAt)
        writer.write(isQuestion)
        writer.write(isAnswered)
        writer.encode(authors)
    }

    init(from reader: inout ByteReader) throws(SnapshotError) {
        self.init()
        starter = try reader.integer()
        root = try reader.integer()
        startedAt = try reader.integer()
        isQuestion = try reader.flag()
        isAnswered = try reader.flag()
        authors = try reader.value()
    }
}

extension ThreadState: ByteCodable {
    func write(to writer: inout ByteWriter) {
        writer.write(room)
        writer.write(root)
        writer.encode(heat)
        writer.encode(fold)
        writer.encode(knowledge)
        writer.write(newest)
        writer.write(posts)
        writer.encode(terms)
        writer.encode(optional: title)
    }

    init(from reader: inout ByteReader) throws(SnapshotError) {
        self.init(room: try reader.integer(), root: try reader.integer())
        heat = try reader.value()
        fold = try reader.value()
        knowledge = try reader.value()
        newest = try reader.integer()
        posts = try reader.integer()
        terms = try reader.value()
        title = try reader.optional()
    }
}

extension RoomState: ByteCodable {
    func write(to writer: inout ByteWriter) {
        writer.encode(heat)
        writer.encode(knowledge)
        writer.encode(arrivals)
        writer.encode(recent)
        writer.write(threads)
    }

    init(from reader: inout ByteReader) throws(SnapshotError) {
        self.init()
        heat = try reader.value()
        knowledge = try reader.value()
        arrivals = try reader.value()
        recent = try reader.value()
        threads = try reader.integer()
    }
}

extension TopicState: ByteCodable {
    func write(to writer: inout ByteWriter) {
        writer.write(term)
        writer.encode(heat)
        writer.encode(knowledge)
    }

    init(from reader: inout ByteReader) throws(SnapshotError) {
        self.init(term: try reader.integer())
        heat = try reader.value()
        knowledge = try reader.value()
    }
}

extension TermState: ByteCodable {
    func write(to writer: inout ByteWriter) {
        writer.write(name)
        writer.write(kind.rawValue)
        writer.write(titles)
        writer.write(threads) { $0.write($1) }
        writer.write(topic)
    }

    init(from reader: inout ByteReader) throws(SnapshotError) {
        let name = try reader.string()
        guard let kind = ScannedTerm.Kind(rawValue: try reader.integer()) else { throw .damaged }
        self.init(name: name, kind: kind)
        titles = try reader.integer()
        threads = try reader.list { reader throws(SnapshotError) in try reader.integer() }
        topic = try reader.integer()
    }
}

extension WeekRow: ByteCodable {
    func write(to writer: inout ByteWriter) {
        writer.write(week)
        for field in Field.allCases { writer.write(UInt16(truncatingIfNeeded: self[field])) }
    }

    init(from reader: inout ByteReader) throws(SnapshotError) {
        self.init(week: try reader.integer())
        for field in Field.allCases { add(Int(try reader.integer(UInt16.self)), to: field) }
    }
}

extension EventName: ByteCodable {
    func write(to writer: inout ByteWriter) {
        writer.write(room.rawValue)
        writer.write(seq)
    }

    init(from reader: inout ByteReader) throws(SnapshotError) {
        self.init(room: RoomID(try reader.integer()), seq: try reader.integer())
    }
}
