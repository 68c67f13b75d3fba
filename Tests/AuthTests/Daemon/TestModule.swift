// SPDX-License-Identifier: EUPL-1.2
// Torhaus: a PAM module for tests, compiled when they run. The user's name says how it behaves: "crash-1" crashes.

import Foundation
import Testing

enum TestModule {
    /// The module's file; compiled once for all tests.
    static let compiled: Result<String, any Error> = Result {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
            "torhaus-module-\(getpid())"
        )
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        removeAtExit(folder)
        let file = folder.appendingPathComponent("module.c")
        try source.write(to: file, atomically: true, encoding: .utf8)
        let object = folder.appendingPathComponent("pam_torhaus_test.so").path
        let compiler = Process()
        compiler.executableURL = URL(fileURLWithPath: "/usr/bin/cc")
        compiler.arguments = [
            "-Wall", "-Werror", "-O1", "-shared", "-fPIC", "-o", object, file.path, "-lpam",
        ]
        try compiler.run()
        compiler.waitUntilExit()
        try #require(compiler.terminationStatus == 0, "cc could not compile the test module")
        return object
    }

    private static let source = #"""
        #define _GNU_SOURCE
        #include <security/pam_appl.h>
        #include <security/pam_modules.h>
        #include <signal.h>
        #include <stdio.h>
        #include <stdlib.h>
        #include <string.h>
        #include <unistd.h>

        static int is(const char *user, const char *mode) {
            size_t length = strlen(mode);
            return strncmp(user, mode, length) == 0 && (user[length] == 0 || user[length] == '-');
        }

        static int converse(pam_handle_t *handle, int count, const struct pam_message **messages,
                            struct pam_response **responses) {
            const struct pam_conv *conversation = NULL;
            if (pam_get_item(handle, PAM_CONV, (const void **)&conversation) != PAM_SUCCESS) return PAM_CONV_ERR;
            return conversation->conv(count, messages, responses, conversation->appdata_ptr);
        }

        static int say(pam_handle_t *handle, int style, const char *text) {
            struct pam_message message = {style, text};
            const struct pam_message *list = &message;
            struct pam_response *response = NULL;
            int code = converse(handle, 1, &list, &response);
            free(response);
            return code;
        }

        // 1 when the answer is as expected, 0 when not, -1 when the conversation failed.
        static int ask(pam_handle_t *handle, int style, const char *text, const char *expected) {
            struct pam_message message = {style, text};
            const struct pam_message *list = &message;
            struct pam_response *response = NULL;
            if (converse(handle, 1, &list, &response) != PAM_SUCCESS) return -1;
            int same = strcmp(response->resp, expected) == 0;
            free(response->resp);
            free(response);
            return same;
        }

        static int password(pam_handle_t *handle) {
            int same = ask(handle, PAM_PROMPT_ECHO_OFF, "Password: ", "secret");
            return same < 0 ? PAM_CONV_ERR : same ? PAM_SUCCESS : PAM_AUTH_ERR;
        }

        static int two(pam_handle_t *handle) {
            struct pam_message first = {PAM_PROMPT_ECHO_OFF, "Password: "};
            struct pam_message note = {PAM_TEXT_INFO, "Use the code of your card"};
            struct pam_message second = {PAM_PROMPT_ECHO_ON, "Verification code: "};
            const struct pam_message *list[] = {&first, &note, &second};
            struct pam_response *responses = NULL;
            if (converse(handle, 3, list, &responses) != PAM_SUCCESS) return PAM_CONV_ERR;
            int good = strcmp(responses[0].resp, "secret") == 0 && responses[1].resp == NULL &&
                       strcmp(responses[2].resp, "123456") == 0;
            free(responses[0].resp);
            free(responses[2].resp);
            free(responses);
            return good ? PAM_SUCCESS : PAM_AUTH_ERR;
        }

        static void flood(pam_handle_t *handle, int style) {
            for (int i = 0; i < 10000; i++) say(handle, style, "more");
        }

        static void crowd(pam_handle_t *handle) {
            static struct pam_message message = {PAM_TEXT_INFO, "one of many"};
            static const struct pam_message *list[10000];
            for (int i = 0; i < 10000; i++) list[i] = &message;
            struct pam_response *responses = NULL;
            converse(handle, 10000, list, &responses);
        }

        static int long_prompt(pam_handle_t *handle) {
            char text[10001];
            memset(text, 'x', 10000);
            text[10000] = 0;
            int same = ask(handle, PAM_PROMPT_ECHO_OFF, text, "secret");
            return same == 1 ? PAM_SUCCESS : PAM_AUTH_ERR;
        }

        int pam_sm_authenticate(pam_handle_t *handle, int flags, int argc, const char **argv) {
            (void)argc;
            (void)argv;
            const char *user = NULL;
            if (!(flags & PAM_DISALLOW_NULL_AUTHTOK) || pam_get_user(handle, &user, NULL) != PAM_SUCCESS) return PAM_ABORT;
            if (is(user, "crash")) *(volatile int *)0 = 1;
            if (is(user, "exit")) exit(0);
            if (is(user, "exitlikeours")) exit(64);
            if (is(user, "flood")) flood(handle, PAM_TEXT_INFO);
            if (is(user, "crowd")) crowd(handle);
            if (is(user, "odd")) return say(handle, 7, "a style nobody knows");
            if (is(user, "long")) return long_prompt(handle);
            if (is(user, "two")) return two(handle);
            if (is(user, "stubborn")) {
                while (password(handle) != PAM_SUCCESS) {}
                return PAM_SUCCESS;
            }
            if (is(user, "setuid")) {
                if (setresuid(65534, 65534, 65534) < 0) return PAM_AUTH_ERR;
                return PAM_SUCCESS;
            }
            if (is(user, "orphan")) {
                // A child that outlives the crash and keeps the process group busy.
                if (fork() == 0) {
                    alarm(60);
                    for (;;) pause();
                }
                raise(SIGKILL);
            }
            if (is(user, "pause")) pam_fail_delay(handle, 4000000);
            if (is(user, "items")) {
                const char *host = NULL, *tty = NULL, *ruser = NULL;
                pam_get_item(handle, PAM_RHOST, (const void **)&host);
                pam_get_item(handle, PAM_TTY, (const void **)&tty);
                pam_get_item(handle, PAM_RUSER, (const void **)&ruser);
                char text[200];
                snprintf(text, sizeof text, "host=%s tty=%s ruser=%s uid=%d term=%s", host, tty, ruser ? ruser : "none",
                         (int)geteuid(), getenv("TERM") ? "set" : "none");
                say(handle, PAM_TEXT_INFO, text);
            }
            if (is(user, "notes")) {
                say(handle, PAM_TEXT_INFO, "Welcome\tto\nthe house");
                say(handle, PAM_ERROR_MSG, "The account is \033[31mlocked");
            }
            int code = password(handle);
            if (is(user, "hang")) {
                sigset_t all;
                sigfillset(&all);
                sigprocmask(SIG_SETMASK, &all, NULL);
                for (;;) pause();
            }
            if (is(user, "locked")) {
                say(handle, PAM_ERROR_MSG, "The account is locked due to 3 failed logins.");
                return PAM_MAXTRIES;
            }
            if (is(user, "unknown")) return PAM_USER_UNKNOWN;
            if (is(user, "slow")) usleep(60000);
            if (is(user, "alias")) return pam_set_item(handle, PAM_USER, "root");
            return code;
        }

        int pam_sm_setcred(pam_handle_t *handle, int flags, int argc, const char **argv) {
            (void)argc;
            (void)argv;
            const char *user = NULL;
            pam_get_user(handle, &user, NULL);
            if (!(flags & PAM_ESTABLISH_CRED)) return PAM_ABORT;
            if (strstr(user, "nocred") != NULL) return PAM_CRED_ERR;
            if (strcmp(user, "expired-crash") == 0) *(volatile int *)0 = 1;
            if (strcmp(user, "expired-hang") == 0) for (;;) pause();
            return PAM_SUCCESS;
        }

        int pam_sm_acct_mgmt(pam_handle_t *handle, int flags, int argc, const char **argv) {
            (void)flags;
            (void)argc;
            (void)argv;
            const char *user = NULL;
            pam_get_user(handle, &user, NULL);
            if (is(user, "expired")) {
                say(handle, PAM_TEXT_INFO, "Password expired. Change your password now.");
                return PAM_NEW_AUTHTOK_REQD;
            }
            if (is(user, "closed")) {
                say(handle, PAM_ERROR_MSG, "Your account has expired.");
                return PAM_ACCT_EXPIRED;
            }
            if (is(user, "soon")) say(handle, PAM_TEXT_INFO, "Your password will expire in 3 days.");
            return PAM_SUCCESS;
        }

        int pam_sm_chauthtok(pam_handle_t *handle, int flags, int argc, const char **argv) {
            (void)argc;
            (void)argv;
            if (flags & PAM_PRELIM_CHECK) return PAM_SUCCESS;
            if (!(flags & PAM_CHANGE_EXPIRED_AUTHTOK)) return PAM_ABORT;
            if (ask(handle, PAM_PROMPT_ECHO_OFF, "Current Password: ", "secret") != 1) return PAM_AUTHTOK_ERR;
            for (int round = 0; round < 2; round++) {
                if (ask(handle, PAM_PROMPT_ECHO_OFF, "New Password: ", "better secret") == 1 &&
                    ask(handle, PAM_PROMPT_ECHO_OFF, "Reenter new Password: ", "better secret") == 1) {
                    say(handle, PAM_TEXT_INFO, "password updated successfully");
                    return PAM_SUCCESS;
                }
                say(handle, PAM_ERROR_MSG, "BAD PASSWORD: it is not the better secret");
            }
            return PAM_AUTHTOK_ERR;
        }
        """#
}

/// Folders that vanish with the test process.
private nonisolated(unsafe) var foldersToRemove: [URL] = []

private func removeAtExit(_ folder: URL) {
    foldersToRemove.append(folder)
    atexit {
        for each in foldersToRemove { try? FileManager.default.removeItem(at: each) }
    }
}
