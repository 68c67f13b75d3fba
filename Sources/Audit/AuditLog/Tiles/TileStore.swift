// SPDX-License-Identifier: EUPL-1.2
// Torhaus: tiles and bundles as files.

internal import LinuxKit
package import MerkleLog

/// Reads and writes below one log's directory.
package struct TileStore: Sendable {
    package let directory: String

    /// A log's directory, or a copy of one.
    package init(directory: String) {
        self.directory = directory
    }

    // MARK: Reading

    /// The file's bytes; nil when there is no such file.
    func bytes(_ tile: TileCoordinate) throws(AuditLogError) -> [UInt8]? {
        let path = "\(directory)/\(tile.path)"
        do throws(SystemError) {
            return try SmallFile.read(path, limit: MerkleLimits.bundleBytes)
        } catch {
            guard error.isMissing else { throw AuditLogError(error) }
            return nil
        }
    }

    /// The hashes of a tile.
    ///
    /// A partial tile may have been removed once it became full; its hashes are the beginning of the full one's.
    package func hashes(_ tile: TileCoordinate) throws(AuditLogError) -> [TreeHash] {
        do {
            if let bytes = try bytes(tile) { return try HashTile.decode(bytes, width: tile.width) }
            let full = TileCoordinate(tile.kind, index: tile.index)
            guard !tile.isFull, let bytes = try bytes(full) else {
                throw AuditLogError(.invalid, "\(tile.path) is missing")
            }
            return Array(try HashTile.decode(bytes, width: full.width).prefix(tile.width))
        } catch let error as AuditLogError {
            throw error
        } catch {
            throw AuditLogError(.invalid, "\(tile.path) is damaged")
        }
    }

    /// The entries of a bundle; nil when it is gone, such as by pruning.
    package func entries(_ tile: TileCoordinate) throws(AuditLogError) -> [[UInt8]]? {
        do {
            if let bytes = try bytes(tile) { return try EntryBundle.decode(bytes, width: tile.width) }
            let full = TileCoordinate(tile.kind, index: tile.index)
            guard !tile.isFull, let bytes = try bytes(full) else { return nil }
            return Array(try EntryBundle.decode(bytes, width: full.width).prefix(tile.width))
        } catch let error as AuditLogError {
            throw error
        } catch {
            throw AuditLogError(.invalid, "\(tile.path) is damaged")
        }
    }

    /// The tree of the first `size` entries.
    package func nodes(size: UInt64) -> TiledNodes<AuditLogError> {
        TiledNodes(size: size, LogCrypto.hasher, refuse: Self.refuse) { (tile) throws(AuditLogError) in
            try hashes(tile)
        }
    }

    static func refuse(_ error: MerkleError) -> AuditLogError {
        AuditLogError(.invalid, "the tiles do not make a tree: \(error)")
    }

    // MARK: Writing

    /// Puts the file in its place in one step; it is durable after the next sync of the file system.
    ///
    /// Until then the journal has its records. False when the same bytes were there already.
    @discardableResult
    func write(_ tile: TileCoordinate, _ content: [UInt8]) throws(AuditLogError) -> Bool {
        if let old = try bytes(tile), old == content { return false }
        let path = "\(directory)/\(tile.path)"
        func put() throws(SystemError) {
            try Folder.replace(path, with: content, mode: LogCreation.fileMode, durable: false)
        }
        do throws(SystemError) {
            try put()
        } catch {
            guard error.isMissing, let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else {
                throw AuditLogError(error)
            }
            try attempt { () throws(SystemError) in
                try Folder.create(String(path[..<slash]), mode: LogCreation.directoryMode)
                try put()
            }
        }
        return true
    }

    /// Removes the partial forms of a full tile.
    func removePartials(of tile: TileCoordinate) throws(AuditLogError) {
        let folder = "\(directory)/\(tile.path).p"
        try attempt { () throws(SystemError) in
            for name in try Folder.names(in: folder) { try Folder.removeFile("\(folder)/\(name)") }
            try Folder.removeFolder(folder)
        }
    }

    /// Removes a full bundle.
    func removeBundle(_ index: UInt64) throws(AuditLogError) {
        let tile = TileCoordinate(.entries, index: index)
        try removePartials(of: tile)
        try attempt { () throws(SystemError) in try Folder.removeFile("\(directory)/\(tile.path)") }
    }
}
