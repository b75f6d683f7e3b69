import LyceumProtocol

extension CommunitySettings {
    /// Refuses a text longer than the community's limit, counted in Unicode scalars.
    func checkLength(of text: String) throws(Refusal) {
        guard text.utf8.count > textCharacters, text.unicodeScalars.count > textCharacters else { return }
        throw Refusal(.tooLarge, "A message may have \(textCharacters) characters.")
    }
}
