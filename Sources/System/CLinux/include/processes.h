// SPDX-License-Identifier: EUPL-1.2
// Torhaus: starting and ending processes, hardening, and the user database.
#pragma once

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/// What th_spawn does between fork and exec.
typedef struct {
    const char *_Nonnull path;
    char *_Nullable const *_Nonnull arguments;   // ends with NULL
    char *_Nullable const *_Nonnull environment; // ends with NULL
    const int *_Nonnull descriptors;             // entry i becomes descriptor i; -1 is /dev/null; the rest is closed
    int descriptor_count;                        // at least 3
    int change_ids;                              // 0: stay who we are
    uid_t uid;
    gid_t gid;
    const gid_t *_Nullable groups;
    size_t group_count;
    int death_signal; // sent when the thread that spawned it ends; 0 for none
    int no_new_privileges;
    int new_session;
} th_spawn_order;

/// fork, set up, exec. 0, or the errno of the step that failed (also one in the child). The caller owns pidfd.
int th_spawn(const th_spawn_order *_Nonnull order, pid_t *_Nonnull pid, int *_Nonnull pidfd);

/// How the process of a pidfd ended, without blocking; reaps it unless `keep`. 1: ended (code or signal is set, the other
/// is -1), 0: still runs, -1 with errno.
int th_reap(int pidfd, int keep, int *_Nonnull code, int *_Nonnull signal);

/// pidfd_send_signal. 0 or -1 with errno.
int th_signal_process(int pidfd, int signal);

/// A signalfd for SIGTERM and SIGINT, which are blocked; SIGPIPE is ignored. fd or -1 with errno.
int th_stop_signals(void);

/// No core dump, no ptrace by others: this process holds secrets. 0 or -1 with errno.
int th_harden_secrets(void);

/// prctl(PR_SET_NO_NEW_PRIVS). 0 or -1 with errno.
int th_no_new_privileges(void);

/// prctl(PR_SET_PDEATHSIG). 0 or -1 with errno.
int th_death_signal(int signal);

/// Sets close-on-exec. 0 or -1 with errno.
int th_close_on_exec(int fd);

/// Entry `index` of the environment as NAME=value, or NULL behind the last.
const char *_Nullable th_environment(size_t index);

/// memset that the compiler must not remove.
void th_wipe(void *_Nonnull bytes, size_t count);

/// getpwnam_r. 1 found, 0 unknown, -1 with errno. Texts are cut at the buffers' sizes and always end with NUL.
int th_user_by_name(const char *_Nonnull name, uid_t *_Nonnull uid, gid_t *_Nonnull gid,
                    char *_Nonnull canonical, size_t canonical_size, char *_Nonnull full_name, size_t full_name_size);

/// The same by getpwuid_r.
int th_user_by_number(uid_t uid, gid_t *_Nonnull gid, char *_Nonnull canonical, size_t canonical_size,
                      char *_Nonnull full_name, size_t full_name_size);

/// getgrouplist; up to `capacity` groups. The count it wants to give, which may be above capacity, or -1.
int th_groups_of(const char *_Nonnull name, gid_t gid, gid_t *_Nonnull groups, int capacity);

/// getgrnam_r. 1 found, 0 unknown, -1 with errno.
int th_group_exists(const char *_Nonnull name);

/// getgrgid_r. 1 found, 0 without a name, -1 with errno.
int th_group_name(gid_t gid, char *_Nonnull name, size_t size);
