import LyceumProtocol

extension Engine {
    /// Has the memory that a post's contributions change come nearer, all of it at once.
    ///
    /// A post touches about a hundred places of a state that no cache holds. One after the other, each is waited for; asked
    /// for in rounds, none of which needs what it reads, they arrive together. (Chen, Ailamaki, Gibbons, Mowry, 2004,
    /// "Improving hash join performance through prefetching", with loads in place of prefetches.)
    mutating func approach(_ planned: ContiguousArray<Contribution>) {
        guard planned.count > 4 else { return }
        var near = approached
        nearProfiles.removeAll(keepingCapacity: true)
        for contribution in planned {
            switch contribution {
            case .affinity(let from, _, _): nearProfiles.append(members[from].profile)
            case .threadTerm(let term, _, _): near ^= terms[term].titles
            case .gram(let gram): near ^= phrases.approach(gram)
            default: break
            }
        }
        for profile in nearProfiles where profile != Member.none { near ^= profiles[profile].member }
        var index = 0
        for contribution in planned {
            switch contribution {
            case .affinity(_, let to, _):
                let profile = nearProfiles[index]
                index += 1
                if profile != Member.none { near ^= profiles[profile].partners.approach(to) }
            case .topic(let term, let author, _):
                let topic = terms[term].topic
                if topic != Member.none { near ^= topics[topic].heat.authors.approach(author) }
            default: break
            }
        }
        approached = near
    }
}
