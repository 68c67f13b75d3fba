// SPDX-License-Identifier: EUPL-1.2
// Torhaus: feeds MerkleLog's oracle; the oracle traps on a finding.

import MerkleLog

@c(LLVMFuzzerTestOneInput)
func fuzz(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    MerkleLogOracle.run([UInt8](UnsafeBufferPointer(start: bytes, count: bytes == nil ? 0 : count)))
    return 0
}
