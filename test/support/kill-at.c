/*
 * kill-at DIRECTORY N before|after LOG PROGRAM [ARGUMENT...]
 *
 * Runs a program and kills it with SIGKILL before or after the N-th system call, from 1, that one of
 * its threads makes to change something below DIRECTORY; N = 0 never does. LOG gets one line for each
 * such call. Processes that the program starts are neither counted nor killed. Linux, glibc >= 2.31.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#define PATH_BYTES 4096
/* A directory, and a path from there. */
#define JOINED_BYTES (2 * PATH_BYTES)

static const char *below;

/* How a call names what it changes; a pair is a directory's descriptor and a path. */
enum shape { FD, PATH, TWO_PATHS, SECOND_PATH, PAIR, TWO_PAIRS, SECOND_PAIR, THIRD_FD };

static const struct {
  long number;
  const char *name;
  enum shape shape;
  int flags; /* the argument with open(2)'s flags, or -1 */
} calls[] = {
#ifdef SYS_open
    {SYS_open, "open", PATH, 1},
    {SYS_creat, "creat", PATH, -1},
    {SYS_rename, "rename", TWO_PATHS, -1},
    {SYS_link, "link", TWO_PATHS, -1},
    {SYS_symlink, "symlink", SECOND_PATH, -1},
    {SYS_unlink, "unlink", PATH, -1},
    {SYS_mkdir, "mkdir", PATH, -1},
    {SYS_rmdir, "rmdir", PATH, -1},
    {SYS_chmod, "chmod", PATH, -1},
#endif
#ifdef SYS_renameat
    {SYS_renameat, "renameat", TWO_PAIRS, -1},
#endif
    {SYS_openat, "openat", PAIR, 2},
    {SYS_renameat2, "renameat2", TWO_PAIRS, -1},
    {SYS_linkat, "linkat", TWO_PAIRS, -1},
    {SYS_symlinkat, "symlinkat", SECOND_PAIR, -1},
    {SYS_unlinkat, "unlinkat", PAIR, -1},
    {SYS_mkdirat, "mkdirat", PAIR, -1},
    {SYS_fchmodat, "fchmodat", PAIR, -1},
    {SYS_truncate, "truncate", PATH, -1},
    {SYS_ftruncate, "ftruncate", FD, -1},
    {SYS_fallocate, "fallocate", FD, -1},
    {SYS_fchmod, "fchmod", FD, -1},
    {SYS_write, "write", FD, -1},
    {SYS_writev, "writev", FD, -1},
    {SYS_pwrite64, "pwrite64", FD, -1},
    {SYS_pwritev, "pwritev", FD, -1},
    {SYS_sendfile, "sendfile", FD, -1},
    {SYS_copy_file_range, "copy_file_range", THIRD_FD, -1},
    {SYS_fsync, "fsync", FD, -1},
    {SYS_fdatasync, "fdatasync", FD, -1},
    {SYS_syncfs, "syncfs", FD, -1},
};

static void fail(const char *what) {
  perror(what);
  exit(125);
}

static void path_of_fd(pid_t pid, int fd, char *out) {
  char link[64];
  if (fd == AT_FDCWD) snprintf(link, sizeof link, "/proc/%d/cwd", pid);
  else snprintf(link, sizeof link, "/proc/%d/fd/%d", pid, fd);
  ssize_t length = readlink(link, out, PATH_BYTES - 1);
  out[length < 0 ? 0 : length] = 0;
}

/* The path at an address of the program, made absolute; links other than its own descriptors stay. */
static void path_at(pid_t pid, int directory, uint64_t address, char *out) {
  char said[PATH_BYTES] = "", base[PATH_BYTES] = "";
  for (size_t length = 0; length < sizeof said - 1; length++) {
    struct iovec local = {said + length, 1}, remote = {(void *)(uintptr_t)(address + length), 1};
    if (process_vm_readv(pid, &local, 1, &remote, 1, 0) != 1 || said[length] == 0) break;
  }
  int fd = 0, skip = 0;
  if (sscanf(said, "/proc/self/fd/%d%n", &fd, &skip) == 1) path_of_fd(pid, fd, base);
  else if (said[0] != '/') path_of_fd(pid, directory, base);
  snprintf(out, JOINED_BYTES, "%s%s%s", base, *base && said[skip] != '/' ? "/" : "", said + skip);
}

static int is_below(const char *path) {
  size_t length = strlen(below);
  return strncmp(path, below, length) == 0 && (path[length] == 0 || path[length] == '/');
}

/* Writes the call to the log when it counts. */
static int counts(pid_t pid, const struct __ptrace_syscall_info *info, FILE *log) {
  const uint64_t *args = info->entry.args;
  for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
    if ((uint64_t)calls[i].number != info->entry.nr) continue;
    if (calls[i].flags >= 0 && !(args[calls[i].flags] & (O_CREAT | O_TRUNC))) return 0;
    char first[JOINED_BYTES] = "", second[JOINED_BYTES] = "";
    switch (calls[i].shape) {
      case FD: path_of_fd(pid, (int)args[0], first); break;
      case THIRD_FD: path_of_fd(pid, (int)args[2], first); break;
      case PATH: path_at(pid, AT_FDCWD, args[0], first); break;
      case PAIR: path_at(pid, (int)args[0], args[1], first); break;
      case SECOND_PATH: path_at(pid, AT_FDCWD, args[1], first); break;
      case SECOND_PAIR: path_at(pid, (int)args[1], args[2], first); break;
      case TWO_PATHS:
        path_at(pid, AT_FDCWD, args[0], first);
        path_at(pid, AT_FDCWD, args[1], second);
        break;
      case TWO_PAIRS:
        path_at(pid, (int)args[0], args[1], first);
        path_at(pid, (int)args[2], args[3], second);
        break;
    }
    if (!is_below(first) && !is_below(second)) return 0;
    fprintf(log, "%s %s%s%s\n", calls[i].name, first, *second ? " " : "", second);
    fflush(log);
    return 1;
  }
  return 0;
}

int main(int argc, char **argv) {
  if (argc < 6) return 125;
  below = argv[1];
  const long at = strtol(argv[2], NULL, 10);
  const int after = strcmp(argv[3], "after") == 0;
  FILE *log = fopen(argv[4], "we");
  if (log == NULL) fail(argv[4]);

  pid_t program = fork();
  if (program < 0) fail("fork");
  if (program == 0) {
    if (ptrace(PTRACE_TRACEME, 0, 0, 0) != 0) fail("ptrace");
    raise(SIGSTOP);
    execvp(argv[5], argv + 5);
    fail(argv[5]);
  }
  int status;
  if (waitpid(program, &status, 0) != program) fail("waitpid");
  if (!WIFSTOPPED(status)) return 125;
  const long options = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACECLONE | PTRACE_O_EXITKILL;
  if (ptrace(PTRACE_SETOPTIONS, program, 0, options) != 0) fail("ptrace");
  ptrace(PTRACE_SYSCALL, program, 0, 0);

  long seen = 0;
  pid_t dying = 0; /* the thread whose call is the one to die after */
  for (;;) {
    pid_t thread = waitpid(-1, &status, __WALL);
    if (thread < 0) fail("waitpid");
    if (WIFEXITED(status) || WIFSIGNALED(status)) {
      if (thread != program) continue;
      return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    }
    int signal = WSTOPSIG(status);
    if (signal == (SIGTRAP | 0x80)) {
      struct __ptrace_syscall_info info;
      if (ptrace(PTRACE_GET_SYSCALL_INFO, thread, sizeof info, &info) > 0) {
        if (info.op == PTRACE_SYSCALL_INFO_ENTRY && counts(program, &info, log) && ++seen == at) {
          /* A process that is killed where it enters a call does not make it. */
          if (after) dying = thread;
          else kill(program, SIGKILL);
        } else if (info.op == PTRACE_SYSCALL_INFO_EXIT && thread == dying) {
          kill(program, SIGKILL);
        }
      }
      signal = 0;
    } else if (signal == SIGTRAP || signal == SIGSTOP) {
      signal = 0; /* exec, a new thread */
    }
    ptrace(PTRACE_SYSCALL, thread, 0, signal);
  }
}
