// SPDX-License-Identifier: EUPL-1.2
// Torhaus: options that several audit commands share.

import ArgumentParser
import AuditEvents
import AuditIdentity
import AuditReading
import Dispatch
import LinuxKit
import OpenSSLKit
import Synchronization

/// What is looked for.
struct QueryOptions: ParsableArguments {
    @Option(name: .long, help: "Not before this time.")
    var from: AuditMoment?

    @Option(name: .long, help: "Before this time.")
    var until: AuditMoment?

    @Option(name: .long, help: "Records of one municipality.")
    var municipality: String?

    @Option(name: .long, help: "Whoever has this pseudonym: who did it, whom it is about, who agreed.")
    var person: String?

    @Option(name: .long, help: "Code or name of an event; may be given several times.")
    var event: [String] = []

    @Option(name: .long, help: "success, failure or refused.")
    var outcome: AuditEvent.Outcome?

    @Option(name: .long, help: "One session; 32 hexadecimal digits.")
    var session: String?

    @Option(name: .long, help: "One connection; 32 hexadecimal digits.")
    var correlation: String?

    @Option(name: .long, help: "Words that must all occur; `word*` is a beginning.")
    var text: String?

    func validate() throws {
        let known = Set(AuditKind.allCases.flatMap { [$0.rawValue, $0.definition.name] })
        if let unknown = event.first(where: { !known.contains($0) }) {
            throw ValidationError("There is no event \(unknown); docs/audit/events.md lists them.")
        }
    }

    var query: AuditQuery {
        var query = AuditQuery()
        query.from = from?.milliseconds
        query.until = until?.milliseconds
        query.municipality = municipality
        query.person = person
        query.events = Set(event)
        query.outcome = outcome
        query.session = session
        query.correlation = correlation
        query.text = text
        return query
    }
}

extension AuditEvent.Outcome: ExpressibleByArgument {}
extension ExportFormat: ExpressibleByArgument {}

/// Why somebody reads.
struct CaseOptions: ParsableArguments {
    @Option(name: .long, help: "Why you read; it is recorded.")
    var purpose: String

    @Option(name: .customLong("case"), help: "Number of the case in your ticket system; it is recorded.")
    var number: String

    var why: AuditCase { AuditCase(purpose: purpose, number: number) }
}

extension AuditMoment: ExpressibleByArgument {
    init?(argument: String) {
        self.init(argument, now: Clock.wallMilliseconds())
    }
}

/// A holder's key, as `HOLDER:FILE`.
struct HolderKeyOption: ExpressibleByArgument {
    let holder: String
    let path: String

    init?(argument: String) {
        let parts = argument.split(separator: ":", maxSplits: 1).map(String.init)
        guard parts.count == 2, !parts[1].isEmpty else { return nil }
        (holder, path) = (parts[0], parts[1])
    }

    /// Reads the file, and asks for its passphrase on the terminal if it has one.
    func load() throws -> HolderKey {
        do throws(SystemError) {
            try ProcessHardening.protectSecrets()
        } catch {
            throw auditFailure("\(error)")
        }
        do throws(OpenSSLError) {
            let key = try RecipientPrivateKey(path: path, asking: true)
            return HolderKey(holder: holder) { try key.open($0) }
        } catch {
            throw auditFailure(error.message)
        }
    }
}

/// Runs asynchronous work to its end; the tool has nothing else to do.
enum Waiting {
    static func run<Value: Sendable>(_ body: @escaping @Sendable () async throws -> Value) throws -> Value {
        let box = Box<Value>()
        let done = DispatchSemaphore(value: 0)
        Task.detached {
            do {
                let value = try await body()
                box.result.withLock { $0 = .success(value) }
            } catch {
                box.result.withLock { $0 = .failure(error) }
            }
            done.signal()
        }
        done.wait()
        switch box.result.withLock({ $0 }) {
        case .success(let value): return value
        case .failure(let error as ExitCode): throw error
        case .failure(let error): throw auditFailure("\(error)")
        case nil: throw auditFailure("the work did not end")
        }
    }

    private final class Box<Value: Sendable>: Sendable {
        let result = Mutex<Result<Value, any Error>?>(nil)
    }
}
