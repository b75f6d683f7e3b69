extension Normaliser {
    /// A key that names share if a reader may take one for the other, such as `Alice`, `A1ice` and `Аlісе`.
    ///
    /// For names of members and rooms, which must not pass for one another. Letters count in their Latin look, Han
    /// simplified; `i l 1 |` are one and so are `o 0`; spaces and signs do not count, unless they part two numbers: `m-1-11`
    /// is not `m-11-1`. Unlike the skeleton it keeps runs, since `Ana` and `Anna` are two people. Empty for a name of
    /// signs only.
    public func lookAlikeKey(of name: String) -> String {
        let text = normalised(name)
        var key = String.UnicodeScalarView()
        var (endsInDigit, isParted) = (false, false)
        for unit in text.units where unit.kind != .mark && unit.kind != .invisible {
            guard unit.kind.isWordly else {
                isParted = true
                continue
            }
            if isParted, endsInDigit, unit.kind == .digit { key.append("-") }
            (endsInDigit, isParted) = (unit.kind == .digit, false)
            let shown: UInt32 =
                switch unit.exact {
                case 0x69, 0x31: 0x6C
                case 0x30: 0x6F
                default: unit.exact
                }
            if let scalar = Unicode.Scalar(shown) { key.append(scalar) }
        }
        return String(key)
    }
}
