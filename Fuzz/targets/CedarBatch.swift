// SPDX-License-Identifier: EUPL-1.2
// Torhaus: feeds Cedar's oracle with lines of a batch; the oracle traps on a finding.

import Cedar

@c(LLVMFuzzerTestOneInput)
func fuzz(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    CedarOracle.batch([UInt8](UnsafeBufferPointer(start: bytes, count: bytes == nil ? 0 : count)))
    return 0
}
