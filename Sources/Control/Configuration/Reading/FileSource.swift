// SPDX-License-Identifier: EUPL-1.2
// Torhaus: where the files come from: the machine, or a test's memory.

internal import Glibc

/// Why a file or directory cannot be read, as a sentence.
struct FileFault: Error, Hashable {
    let message: String
    let hint: String?
}

/// Reads files and directories.
protocol FileSource {
    /// The whole file, refused above the limit.
    func read(_ path: String, limit: Int) throws(FileFault) -> [UInt8]
    /// The names in a directory, in no order.
    func list(_ directory: String) throws(FileFault) -> [String]
    /// The permission bits, or nil when there is no such file.
    func permissions(_ path: String) -> UInt32?
    /// What relative paths on the command line start from.
    var workingDirectory: String { get }
}

/// The files of this machine.
struct SystemFiles: FileSource {
    func read(_ path: String, limit: Int) throws(FileFault) -> [UInt8] {
        // O_NONBLOCK: a FIFO in the place of a file must not stop the start.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard 0 <= descriptor else { throw Self.fault() }
        defer { close(descriptor) }
        var information = stat()
        guard fstat(descriptor, &information) == 0 else { throw Self.fault() }
        guard information.st_mode & S_IFMT == S_IFREG else {
            throw FileFault(message: "this is not a regular file", hint: nil)
        }
        var bytes: [UInt8] = []
        while bytes.count <= limit {
            let chunk = [UInt8](unsafeUninitializedCapacity: 65_536) { room, used in
                used = max(0, Glibc.read(descriptor, room.baseAddress, room.count))
            }
            if chunk.isEmpty { return bytes }
            bytes += chunk
        }
        throw FileFault(message: "the file has more than \(limit) bytes", hint: nil)
    }

    func list(_ directory: String) throws(FileFault) -> [String] {
        guard let stream = opendir(directory) else { throw Self.fault() }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { raw in
                String(decoding: raw.prefix { $0 != 0 }, as: UTF8.self)
            }
            names.append(name)
        }
        return names
    }

    func permissions(_ path: String) -> UInt32? {
        var information = stat()
        guard stat(path, &information) == 0 else { return nil }
        return information.st_mode & 0o7777
    }

    var workingDirectory: String {
        guard let path = getcwd(nil, 0) else { return "/" }
        defer { free(path) }
        return String(cString: path)
    }

    private static func fault() -> FileFault {
        let code = errno
        let hint: String? =
            switch code {
            case ENOENT: "create it, or correct the path"
            case EACCES, EPERM: "run the command as root, or give its user the right to read it"
            default: nil
            }
        return FileFault(message: "cannot be read: \(String(cString: strerror(code)))", hint: hint)
    }
}
