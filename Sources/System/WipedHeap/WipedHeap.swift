// SPDX-License-Identifier: EUPL-1.2
// Torhaus: a heap that overwrites whatever is freed, libraries included. An executable has it by linking this target.

internal import CWipedHeap

package enum WipedHeap {
    /// True where everybody's free overwrites; false in builds whose sanitizer has a heap of its own.
    package static var isInPlace: Bool { th_heap_is_wiped() != 0 }
}
