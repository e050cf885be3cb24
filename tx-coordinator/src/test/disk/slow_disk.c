/* A disk that takes 1 ms for each forced write, wherever the files are: LD_PRELOAD it. With the
 * files on tmpfs the real force costs nothing, so figures do not depend on the machine's disk. */
#define _GNU_SOURCE
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static void take_one_millisecond(void) {
  struct timespec millisecond = {0, 1000000};
  nanosleep(&millisecond, NULL);
}

int fsync(int fd) {
  take_one_millisecond();
  return syscall(SYS_fsync, fd);
}

int fdatasync(int fd) {
  take_one_millisecond();
  return syscall(SYS_fdatasync, fd);
}
