// swift-tools-version: 6.2
// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the targets and the arrows between them. docs/architecture.md explains the floors.

import PackageDescription

/// Settings every Swift target carries: language mode 6, warnings are errors, the upcoming features of 6.3.
let house: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableUpcomingFeature("InferIsolatedConformances"),
    .enableUpcomingFeature("ImmutableWeakCaptures"),
]

/// For targets that parse bytes from outside or touch C: each unsafe use must say so.
let guarded: [SwiftSetting] = house + [.strictMemorySafety(), .enableExperimentalFeature("Lifetimes")]

/// A library target below `Sources/<floor>/`.
func floor(
    _ floor: String,
    _ name: String,
    _ dependencies: [Target.Dependency] = [],
    settings: [SwiftSetting] = house,
    resources: [Resource]? = nil,
    folder: String? = nil
) -> Target {
    .target(
        name: name,
        dependencies: dependencies,
        path: "Sources/\(floor.isEmpty ? "" : floor + "/")\(folder ?? name)",
        resources: resources,
        swiftSettings: settings
    )
}

/// The tests of one target, below `Tests/<floor>/`.
func tests(
    _ floor: String,
    _ name: String,
    _ dependencies: [Target.Dependency] = [],
    exclude: [String] = [],
    resources: [Resource]? = nil,
    folder: String? = nil
) -> Target {
    .testTarget(
        name: "\(name)Tests",
        dependencies: [.byName(name: name)] + dependencies,
        path: "Tests/\(floor.isEmpty ? "" : floor + "/")\(folder ?? name)Tests",
        exclude: exclude,
        resources: resources,
        swiftSettings: house
    )
}

/// A daemon: one `main`, everything else lives in libraries.
func daemon(_ name: String, _ target: String, _ dependencies: [Target.Dependency]) -> Target {
    .executableTarget(
        name: name,
        dependencies: dependencies,
        path: "Sources/Daemons/\(target)",
        swiftSettings: house
    )
}

let hummingbird: Target.Dependency = .product(name: "Hummingbird", package: "hummingbird")
let hummingbirdCore: Target.Dependency = .product(name: "HummingbirdCore", package: "hummingbird")
let mustache: Target.Dependency = .product(name: "Mustache", package: "swift-mustache")
let grdb: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
let yams: Target.Dependency = .product(name: "Yams", package: "Yams")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let arguments: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let nioCore: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")
let nioPosix: Target.Dependency = .product(name: "NIOPosix", package: "swift-nio")
let nioHTTP1: Target.Dependency = .product(name: "NIOHTTP1", package: "swift-nio")
let nioHTTPTypes: Target.Dependency = .product(name: "NIOHTTPTypes", package: "swift-nio-extras")
let lifecycle: Target.Dependency = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let unixSignals: Target.Dependency = .product(name: "UnixSignals", package: "swift-service-lifecycle")
let httpTypes: Target.Dependency = .product(name: "HTTPTypes", package: "swift-http-types")

let package = Package(
    name: "torhaus",
    products: [
        .executable(name: "torhaus-gate", targets: ["torhaus-gate"]),
        .executable(name: "torhausd", targets: ["torhausd"]),
        .executable(name: "torhaus-auditd", targets: ["torhaus-auditd"]),
        .executable(name: "torhaus-authd", targets: ["torhaus-authd"]),
        .executable(name: "torhaus", targets: ["torhaus"]),
    ],
    dependencies: [
        .package(url: "https://github.com/hummingbird-project/hummingbird.git", from: "2.28.1"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache.git", from: "2.1.1"),
        .package(url: "https://github.com/groue/GRDB.swift.git", from: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams.git", from: "6.2.2"),
        .package(url: "https://github.com/apple/swift-log.git", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio.git", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras.git", from: "1.20.0"),
        .package(url: "https://github.com/apple/swift-http-types.git", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.8.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", from: "2.13.0"),
    ],
    targets: [
        // Wire: pure. No I/O, no Foundation, no C, no clock.
        floor("Wire", "ByteCoding", settings: guarded),
        floor("Wire", "HTTPHead", ["ByteCoding"], settings: guarded),
        floor("Wire", "WebSocketFrames", ["ByteCoding"], settings: guarded),
        floor("Wire", "RDGateway", ["ByteCoding"], settings: guarded),
        floor("Wire", "ProxyProtocol", ["ByteCoding"], settings: guarded),
        floor("Wire", "DaemonMessages", ["ByteCoding"], settings: guarded),
        floor("Wire", "DaemonSettings", settings: guarded),

        // Audit: the catalogue of events; the tamper-evident log itself comes beside it.
        floor("Audit", "AuditEvents"),
        floor("Audit", "AuditIdentity", ["AuditEvents", "OpenSSLKit", grdb]),
        floor("Audit", "AuditReading", ["AuditEvents", "AuditIdentity", grdb]),
        floor("Audit", "MerkleLog", ["ByteCoding"], settings: guarded),
        floor(
            "Audit",
            "AuditLog",
            ["ByteCoding", "LinuxKit", "MerkleLog", "OpenSSLKit"],
            settings: guarded
        ),
        floor(
            "Audit",
            "AuditService",
            [
                "AuditEvents", "AuditForwarding", "AuditIdentity", "AuditLog", "AuditWitness",
                "DaemonMessages", "DaemonSettings", "LinuxKit", "MerkleLog", "OpenSSLKit",
            ],
            settings: guarded
        ),
        floor(
            "Audit",
            "AuditForwarding",
            ["AuditEvents", "AuditLog", "ByteCoding", "LinuxKit", "MerkleLog", "OpenSSLKit"],
            settings: guarded
        ),
        floor(
            "Audit",
            "AuditWitness",
            ["AuditLog", "HTTPHead", "LinuxKit", "MerkleLog", "OpenSSLKit"],
            settings: guarded
        ),
        floor(
            "Audit",
            "AuditClient",
            ["AuditEvents", "DaemonMessages", "LinuxKit", "OpenSSLKit"],
            settings: guarded
        ),

        // Policy: the Cedar language. Pure like Wire.
        floor("Policy", "Cedar", settings: guarded),
        floor("Policy", "AccessPolicy", ["Cedar"], settings: guarded),
        floor("Policy", "PolicyTools", ["AccessPolicy", "Cedar"], settings: guarded),

        // System: C, each module imported by exactly one Swift target.
        .target(name: "CLinux", path: "Sources/System/CLinux"),
        .target(
            name: "COpenSSL",
            path: "Sources/System/COpenSSL",
            linkerSettings: [.linkedLibrary("ssl"), .linkedLibrary("crypto")]
        ),
        .target(name: "CPAM", path: "Sources/System/CPAM", linkerSettings: [.linkedLibrary("pam")]),
        .target(name: "CWipedHeap", path: "Sources/System/CWipedHeap"),
        floor("System", "WipedHeap", ["CWipedHeap"], settings: guarded),
        floor("System", "LinuxKit", ["CLinux"], settings: guarded),
        floor("System", "OpenSSLKit", ["COpenSSL", "LinuxKit"], settings: guarded),
        floor("System", "PAMKit", ["CPAM"], settings: guarded),

        // Gate: the data plane.
        floor(
            "",
            "Gate",
            [
                "ByteCoding", "HTTPHead", "WebSocketFrames", "RDGateway", "ProxyProtocol",
                "DaemonMessages", "DaemonSettings", "AuditEvents", "LinuxKit", "OpenSSLKit",
            ],
            settings: guarded
        ),

        // Auth: one PAM conversation per worker process.
        floor(
            "",
            "Auth",
            ["ByteCoding", "DaemonMessages", "DaemonSettings", "LinuxKit", "PAMKit"],
            settings: guarded
        ),

        // Control: the control plane.
        // Its folder has the short name; a package below Hummingbird has a target called Configuration.
        floor(
            "Control",
            "CountyConfiguration",
            ["AccessPolicy", "Cedar", "DaemonSettings", "OpenSSLKit", yams],
            folder: "Configuration"
        ),
        floor(
            "Control",
            "Sessions",
            ["AccessPolicy", "AuditEvents", "Cedar", "CountyConfiguration", "DaemonMessages", logging]
        ),
        floor("Control", "Store", ["Sessions", "CountyConfiguration", "AuditEvents", grdb, logging]),
        floor("Control", "AuthClient", ["DaemonMessages", "LinuxKit", nioCore, nioPosix]),
        floor(
            "Control",
            "GateLink",
            ["DaemonMessages", "Sessions", "LinuxKit", nioCore, nioPosix, logging, lifecycle]
        ),
        floor(
            "Control",
            "Portal",
            [
                "AuthClient", "ByteCoding", "CountyConfiguration", "DaemonMessages", "OpenSSLKit",
                "ProxyProtocol", "Sessions", hummingbird, hummingbirdCore, mustache, httpTypes, nioCore,
                nioHTTP1, nioHTTPTypes, logging, lifecycle,
            ],
            resources: [.copy("Resources")]
        ),
        floor(
            "Control",
            "ControlSocket",
            ["DaemonMessages", "Sessions", "LinuxKit", nioCore, nioPosix, logging, lifecycle]
        ),

        // Daemons and the operator's tool: a main each.
        daemon("torhaus-gate", "torhaus-gate", ["Gate", "DaemonSettings", "LinuxKit", "WipedHeap"]),
        daemon(
            "torhaus-auditd",
            "torhaus-auditd",
            ["AuditLog", "AuditService", "DaemonSettings", "LinuxKit", "MerkleLog"]
        ),
        daemon("torhaus-authd", "torhaus-authd", ["Auth", "DaemonSettings", "LinuxKit"]),
        daemon(
            "torhausd",
            "torhausd",
            [
                "AccessPolicy", "AuditClient", "AuditEvents", "AuthClient", "CountyConfiguration",
                "ControlSocket", "DaemonMessages", "GateLink", "LinuxKit", "OpenSSLKit", "Portal", "Sessions",
                "Store", "WipedHeap", logging, lifecycle, unixSignals,
            ]
        ),
        .executableTarget(
            name: "torhaus",
            dependencies: [
                "AccessPolicy", "AuditClient", "AuditEvents", "AuditIdentity", "AuditLog", "AuditReading",
                "AuditWitness", "Cedar", "ControlSocket", "CountyConfiguration", "DaemonMessages",
                "DaemonSettings", "LinuxKit", "MerkleLog", "OpenSSLKit", "PolicyTools", "Sessions", arguments,
            ],
            path: "Sources/CLI/torhaus",
            swiftSettings: house
        ),

        // Benchmarks/policy/run.sh builds it.
        .executableTarget(
            name: "policy-bench",
            dependencies: ["Cedar"],
            path: "Benchmarks/policy",
            exclude: ["compare.py", "count.c", "county.cedar", "county.cedarschema", "run.sh"],
            swiftSettings: house
        ),

        // `swift run -c release search-bench FOLDER`: a log of 10 million records, and questions to it.
        .executableTarget(
            name: "search-bench",
            dependencies: ["AuditEvents", "AuditLog", "AuditReading", "LinuxKit", "MerkleLog"],
            path: "Benchmarks/search",
            swiftSettings: house
        ),

        .executableTarget(
            name: "access-bench",
            dependencies: ["AccessPolicy", "Cedar"],
            path: "Benchmarks/access",
            swiftSettings: house
        ),

        // Tests mirror Sources.
        tests("Wire", "ByteCoding"),
        tests("Wire", "HTTPHead", ["ByteCoding"]),
        tests("Wire", "WebSocketFrames", ["ByteCoding"]),
        tests("Wire", "RDGateway", ["ByteCoding"], exclude: ["FuzzRegressions"]),
        tests("Wire", "ProxyProtocol", ["ByteCoding"]),
        tests("Wire", "DaemonMessages", ["ByteCoding"]),
        tests("Wire", "DaemonSettings"),
        tests("Audit", "AuditEvents"),
        tests("Policy", "Cedar"),
        tests("Policy", "AccessPolicy", ["Cedar"]),
        tests("Policy", "PolicyTools", ["AccessPolicy", "Cedar"]),
        .testTarget(
            name: "CedarConformanceTests",
            dependencies: ["Cedar"],
            path: "Tests/Policy/CedarConformanceTests",
            exclude: ["Fixtures"],
            swiftSettings: house
        ),
        tests("Audit", "AuditIdentity", ["AuditEvents", "OpenSSLKit"]),
        tests("Audit", "AuditReading", ["AuditEvents", "AuditIdentity"], exclude: ["Fixtures"]),
        tests("Audit", "MerkleLog", ["ByteCoding", "OpenSSLKit"]),
        tests("Audit", "AuditLog", ["LinuxKit", "MerkleLog", "OpenSSLKit"]),
        tests(
            "Audit",
            "AuditForwarding",
            ["AuditEvents", "AuditLog", "ByteCoding", "LinuxKit", "MerkleLog", "OpenSSLKit"]
        ),
        tests("Audit", "AuditWitness", ["AuditLog", "LinuxKit", "MerkleLog", "OpenSSLKit"]),
        tests(
            "Audit",
            "AuditService",
            [
                "AuditClient", "AuditEvents", "AuditIdentity", "AuditLog", "DaemonMessages", "DaemonSettings",
                "LinuxKit", "MerkleLog", "OpenSSLKit",
            ]
        ),
        tests("System", "LinuxKit"),
        tests("System", "OpenSSLKit", ["LinuxKit"]),
        tests("System", "PAMKit"),
        tests(
            "",
            "Gate",
            [
                "DaemonMessages", "DaemonSettings", "HTTPHead", "LinuxKit", "OpenSSLKit", "RDGateway",
                "WebSocketFrames",
            ]
        ),
        tests("", "Auth", ["DaemonMessages", "DaemonSettings", "LinuxKit"]),
        tests(
            "Control",
            "CountyConfiguration",
            ["AccessPolicy", "Cedar", "DaemonSettings"],
            folder: "Configuration"
        ),
        tests(
            "Control",
            "Sessions",
            ["AccessPolicy", "AuditEvents", "Cedar", "CountyConfiguration", "DaemonMessages", logging]
        ),
        tests(
            "Control",
            "Store",
            ["AccessPolicy", "Sessions", "CountyConfiguration", "AuditEvents", "DaemonMessages", logging]
        ),
        tests("Control", "AuthClient", ["DaemonMessages", nioCore, nioPosix]),
        tests(
            "Control",
            "GateLink",
            ["DaemonMessages", "Sessions", "AuditEvents", "CountyConfiguration", logging]
        ),
        tests(
            "Control",
            "Portal",
            [
                "AuthClient", "DaemonMessages", "OpenSSLKit", "ProxyProtocol", "Sessions", hummingbird,
                httpTypes, nioCore, nioPosix, logging, lifecycle,
                .product(name: "HummingbirdTesting", package: "hummingbird"),
                .product(name: "NIOEmbedded", package: "swift-nio"),
            ],
            exclude: ["Fixtures"]
        ),
        tests("Control", "ControlSocket", ["DaemonMessages", "Sessions"]),
    ]
)
