// What the Glibc module leaves out: epoll, the allocator's own functions, and what <unistd.h>, <fcntl.h>,
// <sched.h> and <link.h> declare under _GNU_SOURCE only; and what Swift leaves out: asking for memory before it is needed.
#include <link.h>
#include <malloc.h>
#include <sched.h>
#include <sys/epoll.h>
#include <sys/types.h>

static inline void prefetch(const void *address) { __builtin_prefetch(address); }

int pipe2(int ends[2], int flags);
int sync_file_range(int file, off_t offset, off_t count, unsigned int flags);
// SYNC_FILE_RANGE_WAIT_BEFORE | SYNC_FILE_RANGE_WRITE | SYNC_FILE_RANGE_WAIT_AFTER
enum { LYCEUM_WRITE_OUT = 7 };
// SCHED_IDLE
enum { LYCEUM_SCHED_IDLE = 5 };
int sched_getaffinity(pid_t process, size_t size, cpu_set_t *set);
int sched_setaffinity(pid_t process, size_t size, const cpu_set_t *set);

struct dl_phdr_info {
    ElfW(Addr) dlpi_addr;
    const char *dlpi_name;
    const ElfW(Phdr) *dlpi_phdr;
    ElfW(Half) dlpi_phnum;
};
int dl_iterate_phdr(int (*body)(struct dl_phdr_info *library, size_t size, void *data), void *data);
