import Community

extension Requirement {
    /// For the published contract.
    var description: String {
        switch self {
        case .anyone: "nothing"
        case .anySession: "a session, even of a banned member"
        case .anyPerson: "a session of a person, even of a banned one"
        case .signedIn: "a session"
        case .person: "a session of a person"
        case .bot(let scopes): "a session of a bot with the scopes: \(scopes.wireNames.joined(separator: " "))"
        case .community(let permission): "in the community: \(permission.wireNames)"
        case .moderating: "in the community or in any room: moderate"
        case .seeing(let permission): "sight of the room; there: \(permission.wireNames)"
        case .within(let permission): "membership of the room; there: \(permission.wireNames)"
        }
    }
}

extension Requirement {
    /// Whether being refused is worth a row in the audit log: what only staff may do.
    var isPrivileged: Bool {
        switch self {
        case .anyone, .anySession, .anyPerson, .signedIn, .person, .bot: false
        case .moderating: true
        case .community(let permission), .seeing(let permission), .within(let permission):
            !permission.isDisjoint(with: [.moderate, .manageRoom, .manageMembers, .manageCommunity])
        }
    }
}

extension Permission {
    private static let allNames: [(Permission, String)] = [
        (.readPublic, "read_public"), (.join, "join"), (.post, "post"), (.react, "react"), (.editOwn, "edit_own"),
        (.search, "search"), (.report, "report"), (.createRoom, "create_room"),
        (.createPrivateRoom, "create_private_room"), (.direct, "direct"), (.invite, "invite"), (.pin, "pin"),
        (.mentionRoom, "mention_room"), (.announce, "announce"), (.skipSlowMode, "skip_slow_mode"),
        (.manageRoom, "manage_room"), (.moderate, "moderate"), (.inviteToCommunity, "invite_to_community"),
        (.manageMembers, "manage_members"), (.manageCommunity, "manage_community"), (.host, "host"),
    ]

    /// Wire names, separated by spaces; `-` for none.
    var wireNames: String {
        let names = Self.allNames.filter { isSuperset(of: $0.0) }.map(\.1)
        return names.isEmpty ? "-" : names.joined(separator: " ")
    }

    /// What a room may allow or deny by name. Who manages a room is its roles' matter, so that is not among them.
    static let roomScopedNames = allNames.filter { overridable.isSuperset(of: $0.0) }.map(\.1)
    private static let overridable = Permission.roomScoped.subtracting(.manageRoom)

    init?(roomScopedName name: String) {
        guard let entry = Self.allNames.first(where: { $0.1 == name && Self.overridable.isSuperset(of: $0.0) }) else {
            return nil
        }
        self = entry.0
    }
}
