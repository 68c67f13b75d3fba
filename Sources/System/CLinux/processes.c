// SPDX-License-Identifier: EUPL-1.2
// Torhaus: see processes.h.
#include "processes.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <linux/close_range.h>
#include <pwd.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define TH_MAXIMUM_DESCRIPTORS 16

// MARK: Between fork and exec: only async-signal-safe calls from here.

static _Noreturn void give_up(int report, int code) {
    ssize_t ignored = write(report, &code, sizeof code);
    (void)ignored;
    _exit(127);
}

static void close_above(int last) {
    if (syscall(SYS_close_range, (unsigned)last + 1, ~0U, CLOSE_RANGE_CLOEXEC) == 0) return;
    // Kernels before 5.11: the limit bounds what can be open.
    struct rlimit limit = {.rlim_cur = 1024};
    getrlimit(RLIMIT_NOFILE, &limit);
    for (int fd = last + 1; (rlim_t)fd < limit.rlim_cur && fd < 65536; fd++) {
        int flags = fcntl(fd, F_GETFD);
        if (0 <= flags) fcntl(fd, F_SETFD, flags | FD_CLOEXEC);
    }
}

static _Noreturn void become(const th_spawn_order *order, pid_t parent, int report) {
    int moved[TH_MAXIMUM_DESCRIPTORS];
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (null < 0) give_up(report, errno);
    // First away from the numbers we are about to fill, so that no dup2 overwrites a source.
    int above = order->descriptor_count;
    report = fcntl(report, F_DUPFD_CLOEXEC, above);
    if (report < 0) _exit(127);
    for (int i = 0; i < order->descriptor_count; i++) {
        int source = order->descriptors[i] < 0 ? null : order->descriptors[i];
        moved[i] = fcntl(source, F_DUPFD_CLOEXEC, above);
        if (moved[i] < 0) give_up(report, errno);
    }
    for (int i = 0; i < order->descriptor_count; i++) {
        if (dup2(moved[i], i) < 0) give_up(report, errno);
    }
    close_above(order->descriptor_count - 1);

    for (int number = 1; number < NSIG; number++) signal(number, SIG_DFL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    umask(077);
    if (order->new_session && setsid() < 0) give_up(report, errno);
    if (chdir("/") < 0) give_up(report, errno);

    // The order matters: changing the ids clears the death signal.
    if (order->change_ids) {
        if (setgroups(order->group_count, order->groups) < 0) give_up(report, errno);
        if (setresgid(order->gid, order->gid, order->gid) < 0) give_up(report, errno);
        if (setresuid(order->uid, order->uid, order->uid) < 0) give_up(report, errno);
    }
    if (order->death_signal) {
        if (prctl(PR_SET_PDEATHSIG, order->death_signal, 0, 0, 0) < 0) give_up(report, errno);
        // The parent may have ended before the signal was asked for.
        if (getppid() != parent) _exit(127);
    }
    if (order->no_new_privileges && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0) give_up(report, errno);
    execve(order->path, order->arguments, order->environment);
    give_up(report, errno);
}

// MARK: The parent's side

int th_spawn(const th_spawn_order *order, pid_t *pid, int *pidfd) {
    int report[2];
    if (order->descriptor_count < 3 || TH_MAXIMUM_DESCRIPTORS < order->descriptor_count) return EINVAL;
    if (pipe2(report, O_CLOEXEC) < 0) return errno;
    // All signals wait until the child has put its own handling in place.
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pid_t parent = getpid();
    pid_t child = fork();
    if (child == 0) {
        become(order, parent, report[1]);
    }
    int failure = child < 0 ? errno : 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    close(report[1]);
    if (0 < child) {
        int code = 0;
        ssize_t count;
        do {
            count = read(report[0], &code, sizeof code);
        } while (count < 0 && errno == EINTR);
        if (count == (ssize_t)sizeof code) {
            failure = code;
        } else {
            // Not yet reaped, so the number cannot mean another process.
            *pidfd = (int)syscall(SYS_pidfd_open, child, 0);
            if (*pidfd < 0) failure = errno;
        }
        if (failure) {
            kill(child, SIGKILL);
            while (waitpid(child, NULL, 0) < 0 && errno == EINTR) {}
        } else {
            *pid = child;
        }
    }
    close(report[0]);
    return failure;
}

int th_reap(int pidfd, int keep, int *code, int *signal) {
    siginfo_t info;
    memset(&info, 0, sizeof info);
    *code = *signal = -1;
    int result;
    do {
        result = waitid(P_PIDFD, (id_t)pidfd, &info, WEXITED | WNOHANG | (keep ? WNOWAIT : 0));
    } while (result < 0 && errno == EINTR);
    if (result < 0) return -1;
    if (info.si_pid == 0) return 0;
    if (info.si_code == CLD_EXITED) {
        *code = info.si_status;
    } else {
        *signal = info.si_status;
    }
    return 1;
}

int th_signal_process(int pidfd, int signal) {
    return (int)syscall(SYS_pidfd_send_signal, pidfd, signal, NULL, 0);
}

int th_stop_signals(void) {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    int code = pthread_sigmask(SIG_BLOCK, &set, NULL);
    if (code) {
        errno = code;
        return -1;
    }
    signal(SIGPIPE, SIG_IGN);
    return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

// MARK: Hardening

int th_harden_secrets(void) {
    struct rlimit none = {0, 0};
    if (setrlimit(RLIMIT_CORE, &none) < 0) return -1;
    return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

int th_no_new_privileges(void) { return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); }

int th_death_signal(int signal) { return prctl(PR_SET_PDEATHSIG, signal, 0, 0, 0); }

int th_close_on_exec(int fd) { return fcntl(fd, F_SETFD, FD_CLOEXEC); }

const char *th_environment(size_t index) {
    for (size_t i = 0; environ[i]; i++) {
        if (i == index) return environ[i];
    }
    return NULL;
}

void th_wipe(void *bytes, size_t count) { explicit_bzero(bytes, count); }

// MARK: The user database

/// Directories may return long lines; getgrgid_r of a group with thousands of members needs the most.
#define TH_NSS_MAXIMUM (8u << 20)

/// The part of `text` before the first comma, cut to fit.
static void copy_field(char *to, size_t size, const char *text) {
    size_t length = text ? strcspn(text, ",") : 0;
    if (size <= length) length = size - 1;
    if (text) memcpy(to, text, length);
    to[length] = 0;
}

static void copy_text(char *to, size_t size, const char *text) {
    size_t length = strnlen(text, size - 1);
    memcpy(to, text, length);
    to[length] = 0;
}

static int known_absence(int code) {
    return code == ENOENT || code == ESRCH || code == EBADF || code == EPERM;
}

int th_user_by_name(const char *name, uid_t *uid, gid_t *gid, char *canonical, size_t canonical_size,
                    char *full_name, size_t full_name_size) {
    for (size_t size = 4096; size <= TH_NSS_MAXIMUM; size *= 4) {
        char *room = malloc(size);
        if (!room) return -1;
        struct passwd entry, *found = NULL;
        int code = getpwnam_r(name, &entry, room, size, &found);
        if (found) {
            *uid = entry.pw_uid;
            *gid = entry.pw_gid;
            copy_text(canonical, canonical_size, entry.pw_name);
            copy_field(full_name, full_name_size, entry.pw_gecos);
        }
        free(room);
        if (found) return 1;
        if (code == 0 || known_absence(code)) return 0;
        if (code != ERANGE && code != EINTR) {
            errno = code;
            return -1;
        }
    }
    errno = ERANGE;
    return -1;
}

int th_user_by_number(uid_t uid, gid_t *gid, char *canonical, size_t canonical_size, char *full_name,
                      size_t full_name_size) {
    for (size_t size = 4096; size <= TH_NSS_MAXIMUM; size *= 4) {
        char *room = malloc(size);
        if (!room) return -1;
        struct passwd entry, *found = NULL;
        int code = getpwuid_r(uid, &entry, room, size, &found);
        if (found) {
            *gid = entry.pw_gid;
            copy_text(canonical, canonical_size, entry.pw_name);
            copy_field(full_name, full_name_size, entry.pw_gecos);
        }
        free(room);
        if (found) return 1;
        if (code == 0 || known_absence(code)) return 0;
        if (code != ERANGE && code != EINTR) {
            errno = code;
            return -1;
        }
    }
    errno = ERANGE;
    return -1;
}

int th_groups_of(const char *name, gid_t gid, gid_t *groups, int capacity) {
    int count = capacity;
    return getgrouplist(name, gid, groups, &count) < 0 ? (capacity < count ? count : capacity * 2) : count;
}

int th_group_exists(const char *name) {
    for (size_t size = 4096; size <= TH_NSS_MAXIMUM; size *= 4) {
        char *room = malloc(size);
        if (!room) return -1;
        struct group entry, *found = NULL;
        int code = getgrnam_r(name, &entry, room, size, &found);
        free(room);
        if (found) return 1;
        if (code == 0 || known_absence(code)) return 0;
        if (code != ERANGE && code != EINTR) {
            errno = code;
            return -1;
        }
    }
    errno = ERANGE;
    return -1;
}

int th_group_name(gid_t gid, char *name, size_t name_size) {
    for (size_t size = 4096; size <= TH_NSS_MAXIMUM; size *= 4) {
        char *room = malloc(size);
        if (!room) return -1;
        struct group entry, *found = NULL;
        int code = getgrgid_r(gid, &entry, room, size, &found);
        if (found) copy_text(name, name_size, entry.gr_name);
        free(room);
        if (found) return 1;
        if (code == 0 || known_absence(code)) return 0;
        if (code != ERANGE && code != EINTR) {
            errno = code;
            return -1;
        }
    }
    errno = ERANGE;
    return -1;
}
