// SPDX-License-Identifier: EUPL-1.2
// Torhaus: a heap that forgets: whatever a process frees is overwritten first.
//
// Linked into an executable, it takes the place of libc's free and realloc for everything in the process, libraries
// included: passwords lie in buffers of HTTP, strings and closures that no code of ours can reach.

#pragma once

/// True where everybody's free overwrites; false in builds whose sanitizer has a heap of its own.
int th_heap_is_wiped(void);

/// Frees without overwriting, for what was never secret; COpenSSL has a weak one of the same name, for processes whose
/// heap is libc's.
void th_heap_give_back(void *_Nullable memory);
