import Community

extension SQLiteStore: SearchIndex { public func search(_ query: SearchQuery) throws -> [SearchHit] { [] } }
