// SPDX-License-Identifier: EUPL-1.2
// Torhaus: feeds Cedar's oracle with entities as JSON; the oracle traps on a finding.

import Cedar

@c(LLVMFuzzerTestOneInput)
func fuzz(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    CedarOracle.entities([UInt8](UnsafeBufferPointer(start: bytes, count: bytes == nil ? 0 : count)))
    return 0
}
