struct Cohorts: Sendable {
    mutating func change(
        from old: ContiguousArray<WeekRow>, to new: ContiguousArray<WeekRow>, at week: Int32
    ) {}
}
