// SPDX-License-Identifier: GPL-2.0
/*
 * For LD_PRELOAD: User Mode Linux sees a CPU with AMX, whose registers take
 * 11,008 bytes. The kernel fills whatever buffer it is given, and takes nothing
 * back that is not whole (xstateregs_set()).
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdarg.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/types.h>
#include <sys/uio.h>

#define NT_X86_XSTATE	0x202
#define WITH_AMX	11008

typedef long ptrace_fn(int request, pid_t pid, void *addr, void *data);

/* What this machine's registers really take is kept beside what is pretended. */
static size_t real_size;

static long get_xstate(ptrace_fn *real, pid_t pid, void *addr, struct iovec *iov)
{
	size_t room = iov->iov_len;
	long ret = real(PTRACE_GETREGSET, pid, addr, iov);

	if (ret)
		return ret;
	real_size = iov->iov_len;
	iov->iov_len = room < WITH_AMX ? room : WITH_AMX;
	memset((char *)iov->iov_base + real_size, 0, iov->iov_len - real_size);
	return 0;
}

static long set_xstate(ptrace_fn *real, pid_t pid, void *addr, struct iovec *iov)
{
	struct iovec ours = { iov->iov_base, real_size };

	if (iov->iov_len < WITH_AMX) {
		errno = EFAULT;
		return -1;
	}
	return real(PTRACE_SETREGSET, pid, addr, &ours);
}

long ptrace(enum __ptrace_request request, ...)
{
	ptrace_fn *real = (ptrace_fn *)dlsym(RTLD_NEXT, "ptrace");
	va_list args;
	pid_t pid;
	void *addr, *data;

	va_start(args, request);
	pid = va_arg(args, pid_t);
	addr = va_arg(args, void *);
	data = va_arg(args, void *);
	va_end(args);
	if (addr == (void *)NT_X86_XSTATE && request == PTRACE_GETREGSET)
		return get_xstate(real, pid, addr, data);
	if (addr == (void *)NT_X86_XSTATE && request == PTRACE_SETREGSET)
		return set_xstate(real, pid, addr, data);
	return real(request, pid, addr, data);
}
