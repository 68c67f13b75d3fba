// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the one place that knows the YAML library.

internal import DaemonSettings
internal import Yams

/// Reads a file's bytes as YAML; what is wrong goes to the findings.
enum YAMLFile {
    /// Nil when the file is not YAML, or not one document.
    static func parse(_ bytes: [UInt8], _ findings: Findings) -> YAMLValue? {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            findings.error(
                firstInvalid(bytes),
                "",
                "the text is not UTF-8",
                hint: "save the file as UTF-8; umlauts in Latin-1 are the usual cause"
            )
            return nil
        }
        guard aliases(bytes) <= ConfigurationLimits.aliases else {
            findings.error(nil, "", "more than \(ConfigurationLimits.aliases) aliases (*name)")
            return nil
        }
        do {
            // Resolver.basic: every scalar stays a text, so that `no` and `0123` mean what the reader wants.
            let parser = try Parser(yaml: text, resolver: .basic, encoding: .utf8)
            guard let root = try parser.singleRoot() else {
                return YAMLValue(place: Place(line: 1, column: 1), content: .map([]))
            }
            var remaining = ConfigurationLimits.values
            guard let value = convert(root, findings, &remaining) else {
                findings.error(nil, "", "more than \(ConfigurationLimits.values) values in one file")
                return nil
            }
            return value
        } catch {
            report(error, text, findings)
            return nil
        }
    }

    // MARK: Converting

    /// Nil when there are too many values; depth is limited to 1000 by libyaml.
    private static func convert(_ node: Node, _ findings: Findings, _ remaining: inout Int) -> YAMLValue? {
        remaining -= 1
        guard 0 <= remaining else { return nil }
        let place = Place(line: node.mark?.line ?? 1, column: node.mark?.column ?? 1)
        switch node {
        case .scalar(let scalar):
            return YAMLValue(place: place, content: .scalar(scalar.string, plain: scalar.style == .plain))
        case .sequence(let sequence):
            var list: [YAMLValue] = []
            for element in sequence {
                guard let value = convert(element, findings, &remaining) else { return nil }
                list.append(value)
            }
            return YAMLValue(place: place, content: .list(list))
        case .mapping(let mapping):
            var entries: [YAMLValue.Entry] = []
            for (key, element) in mapping {
                guard let value = convert(element, findings, &remaining) else { return nil }
                guard case .scalar(let name) = key else {
                    findings.error(place, "", "a key must be a single word")
                    continue
                }
                let keyPlace = Place(line: name.mark?.line ?? place.line, column: name.mark?.column ?? 1)
                entries.append(.init(key: name.string, place: keyPlace, value: value))
            }
            return YAMLValue(place: place, content: .map(entries))
        case .alias:
            // The parser replaces aliases by what they stand for.
            return YAMLValue(place: place, content: .scalar("", plain: true))
        }
    }

    // MARK: Mistakes

    private static func report(_ error: any Error, _ text: String, _ findings: Findings) {
        guard let error = error as? YamlError else {
            findings.error(nil, "", "the file cannot be read as YAML")
            return
        }
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            findings.error(
                Place(line: mark.line, column: mark.column),
                "",
                "YAML: \(problem)",
                hint: text.utf8.contains(UInt8(ascii: "\t"))
                    ? "YAML is indented with spaces, and this file has tabs"
                    : "look at this line and the one above"
            )
        case .reader(let problem, let offset, _, _):
            findings.error(offset.map { place(of: $0, in: text) }, "", "YAML: \(problem)")
        case .duplicatedKeysInMapping(let duplicates, let context):
            for key in duplicates {
                let first = Place(line: context.mark.line, column: context.mark.column)
                findings.error(
                    repeated(key, after: first, in: text),
                    Spelling.printable(key),
                    "the key stands twice in the same section",
                    hint: "the first is in line \(first.line) or below; keep one of them"
                )
            }
        case .no, .memory, .writer, .emitter, .representer, .dataCouldNotBeDecoded:
            findings.error(nil, "", "the file cannot be read as YAML")
        }
    }

    /// The next line that has the key in the same column; the library tells only the first.
    private static func repeated(_ key: String, after first: Place, in text: String) -> Place {
        let lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated().dropFirst(first.line) {
            let start = line.dropFirst(first.column - 1)
            if start.starts(with: key.unicodeScalars), start.dropFirst(key.unicodeScalars.count).first == ":"
            {
                return Place(line: index + 1, column: first.column)
            }
        }
        return first
    }

    private static func place(of characters: Int, in text: String) -> Place {
        let before = text.prefix(characters).unicodeScalars.split(
            separator: "\n",
            omittingEmptySubsequences: false
        )
        return Place(line: max(1, before.count), column: (before.last?.count ?? 0) + 1)
    }

    private static func firstInvalid(_ bytes: [UInt8]) -> Place? {
        var line = 1
        for row in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            if String(validating: row, as: UTF8.self) == nil { return Place(line: line, column: 1) }
            line += 1
        }
        return nil
    }

    /// An upper bound: every `*` that starts a word.
    private static func aliases(_ bytes: [UInt8]) -> Int {
        var count = 0
        var before = UInt8(ascii: " ")
        var star = false
        for byte in bytes {
            if star, !isBlank(byte) { count += 1 }
            star = byte == UInt8(ascii: "*") && (isBlank(before) || "[{,:?-".utf8.contains(before))
            before = byte
        }
        return count
    }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D
    }
}
