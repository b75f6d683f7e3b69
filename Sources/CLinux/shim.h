// What the Glibc module leaves out: epoll, and functions that <unistd.h> and <sched.h> declare under _GNU_SOURCE only.
#include <sched.h>
#include <sys/epoll.h>
#include <sys/types.h>

int pipe2(int ends[2], int flags);
int sched_getaffinity(pid_t process, size_t size, cpu_set_t *set);
int sched_setaffinity(pid_t process, size_t size, const cpu_set_t *set);
