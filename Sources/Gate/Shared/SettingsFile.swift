// SPDX-License-Identifier: EUPL-1.2
// Torhaus: reads the gate's settings file.

package import DaemonSettings
internal import LinuxKit

package enum SettingsFile {
    /// Far more than any real file.
    private static let maximumBytes = 1_024 * 1_024

    /// Reads and checks the file; the error lists every mistake in it.
    package static func gate(_ path: String) throws(GateError) -> GateSettings {
        do {
            let bytes = try FileReader.read(path, limit: maximumBytes)
            return try GateSettings(text: String(decoding: bytes, as: UTF8.self))
        } catch {
            throw GateError("\(path): \(error)")
        }
    }
}
