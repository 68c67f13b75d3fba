// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the connections of one loop by number.

/// Places are reused with a new generation, so a late event for an old connection finds nothing.
struct ConnectionTable {
    private var places: [Connection?] = []
    private var generations: [UInt32] = []
    private var free: [Int] = []
    private var count = 0

    var isEmpty: Bool { count == 0 }
    var all: [Connection] { places.compactMap { $0 } }

    subscript(id: ConnectionID) -> Connection? {
        guard id.index < places.count, generations[id.index] == id.generation else { return nil }
        return places[id.index]
    }

    /// A number for a new connection; nil when the table is full.
    mutating func reserve() -> ConnectionID? {
        if let index = free.popLast() { return ConnectionID(index: index, generation: generations[index]) }
        guard places.count < ConnectionID.maximumIndex else { return nil }
        places.append(nil)
        generations.append(1)
        return ConnectionID(index: places.count - 1, generation: 1)
    }

    mutating func set(_ connection: Connection) {
        places[connection.id.index] = connection
        count += 1
    }

    mutating func remove(_ id: ConnectionID) {
        guard self[id] != nil else { return }
        places[id.index] = nil
        generations[id.index] &+= 1
        free.append(id.index)
        count -= 1
    }
}
