// SPDX-License-Identifier: EUPL-1.2
// Torhaus: any two shares give the secret, one gives nothing.

import OpenSSLKit
import Testing

@testable import AuditIdentity

@Suite struct SecretSplitTests {
    @Test("multiplies as FIPS 197 section 4.2 shows")
    func products() {
        #expect(SecretSplit.product(0x57, 0x83) == 0xC1)
        #expect(SecretSplit.product(0x57, 0x13) == 0xFE)
        for number in UInt8(1)...255 {
            #expect(SecretSplit.product(number, SecretSplit.inverse(number)) == 1)
        }
    }

    @Test("gives the secret back from every pair of eight places")
    func pairs() throws {
        let secret = try RandomBytes.make(count: 32)
        let slope = try RandomBytes.make(count: 32)
        let shares = (UInt8(1)...8).map {
            (place: $0, share: SecretSplit.share(secret, slope: slope, at: $0))
        }
        for left in shares {
            for right in shares where left.place != right.place {
                #expect(SecretSplit.join(left, right) == secret)
            }
            #expect(left.share != secret)
            #expect(SecretSplit.join(left, left) == nil)
        }
    }

    @Test("lets one share belong to every secret")
    func oneSaysNothing() {
        let share: [UInt8] = [0x42]
        let secrets = Set(
            (UInt8.min...255).compactMap { other in
                SecretSplit.join((1, share), (2, [other]))
            }
        )
        #expect(secrets.count == 256)
    }

    @Test("makes no secret of places or lengths that do not fit")
    func misfits() {
        #expect(SecretSplit.join((0, [1]), (1, [1])) == nil)
        #expect(SecretSplit.join((1, [1]), (2, [1, 2])) == nil)
    }
}
