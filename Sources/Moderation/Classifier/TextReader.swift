/// Normaliser and feature extractor as one, for callers that look at one text after the other.
public struct TextReader: Sendable {
    private let normaliser = Normaliser()
    private var extractor = FeatureExtractor()
    /// The last text read, for explanations.
    public private(set) var text = NormalisedText()

    /// The first one of a process builds the Unicode tables, as ``Normaliser/init()`` does.
    public init() {}

    public mutating func features(of text: String) -> Features {
        normaliser.normalise(text, into: &self.text)
        return extractor.extract(self.text)
    }
}
