// SPDX-License-Identifier: EUPL-1.2
// Torhaus: handing a descriptor to another process (SCM_RIGHTS).

internal import CLinux

extension UnixStream {
    /// Sends a copy of the descriptor with one byte; the caller keeps its own.
    ///
    /// Blocks when the socket does.
    package borrowing func send(descriptor: borrowing OwnedFD) throws(SystemError) {
        let result = withRaw { socket in descriptor.withRaw { th_send_descriptor(socket, $0) } }
        guard result == 0 else { throw .last("sendmsg") }
    }

    /// Receives one descriptor, close-on-exec.
    ///
    /// A message without exactly one is EPROTO, also the end.
    package borrowing func receiveDescriptor() throws(SystemError) -> OwnedFD {
        let raw = withRaw { th_receive_descriptor($0) }
        guard 0 <= raw else { throw .last("recvmsg") }
        return OwnedFD(adopting: raw)
    }
}
