// SPDX-License-Identifier: GPL-2.0
/*
 * Services that kvmtool and QEMU need from the host besides KVM, and that their
 * guests have drivers for. This tests the host's configuration: without one of
 * the services, a VMM ends with "Function not implemented".
 */
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/un.h>
#include <unistd.h>
#include <linux/aio_abi.h>
#include <linux/if_tun.h>
#include <linux/vhost.h>

#include "harness.h"
#include "memory.h"

static bool works(int ret, const char *what)
{
	return expect(ret >= 0, "%s: %s", what, strerror(errno));
}

/* kvmtool's guests and QEMU's monitor listen on unix sockets. */
static void unix_socket(void)
{
	struct sockaddr_un addr = {
		.sun_family = AF_UNIX,
		.sun_path = "/tmp/guest.sock",
	};
	int server, client, fd, epoll;
	struct epoll_event event = { .events = EPOLLIN };
	char c = 'x';

	server = socket(AF_UNIX, SOCK_STREAM, 0);
	client = socket(AF_UNIX, SOCK_STREAM, 0);
	epoll = epoll_create(1);
	if (!works(server, "socket") || !works(epoll, "epoll"))
		return;
	unlink(addr.sun_path);
	works(bind(server, (void *)&addr, sizeof(addr)), "bind");
	works(listen(server, 1), "listen");
	works(epoll_ctl(epoll, EPOLL_CTL_ADD, server, &event), "epoll_ctl");
	works(connect(client, (void *)&addr, sizeof(addr)), "connect");
	expect_equal(epoll_wait(epoll, &event, 1, 1000), 1, "events");
	fd = accept(server, NULL, NULL);
	works(fd, "accept");
	expect_equal(write(client, &c, 1), 1, "written");
	expect_equal(read(fd, &c, 1), 1, "read");
	close(fd);
	close(epoll);
	close(client);
	close(server);
	unlink(addr.sun_path);
}

/* kvmtool's mode=tap and QEMU's -netdev tap; vhost=on and vhost=1 */
static void network(void)
{
	const int header = 12;
	struct ifreq ifr = { .ifr_flags = IFF_TAP | IFF_NO_PI | IFF_VNET_HDR };
	int tap, inet, vhost;

	tap = open("/dev/net/tun", O_RDWR | O_CLOEXEC);
	inet = socket(AF_INET, SOCK_DGRAM, 0);
	vhost = open("/dev/vhost-net", O_RDWR | O_CLOEXEC);
	if (works(tap, "/dev/net/tun")) {
		works(ioctl(tap, TUNSETIFF, &ifr), "TUNSETIFF");
		works(ioctl(tap, TUNSETVNETHDRSZ, &header), "TUNSETVNETHDRSZ");
		works(ioctl(tap, TUNSETOFFLOAD, TUN_F_CSUM | TUN_F_TSO4),
		      "TUNSETOFFLOAD");
	}
	if (works(inet, "AF_INET")) {
		works(ioctl(inet, SIOCGIFFLAGS, &ifr), "SIOCGIFFLAGS");
		ifr.ifr_flags |= IFF_UP;
		works(ioctl(inet, SIOCSIFFLAGS, &ifr), "SIOCSIFFLAGS");
	}
	if (works(vhost, "/dev/vhost-net"))
		works(ioctl(vhost, VHOST_SET_OWNER), "VHOST_SET_OWNER");
	close(vhost);
	close(inet);
	close(tap);
}

static void descriptors(void)
{
	aio_context_t context = 0;
	sigset_t mask;
	int fd;

	sigemptyset(&mask);
	fd = eventfd(0, EFD_CLOEXEC);
	works(fd, "eventfd");
	close(fd);
	fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
	works(fd, "timerfd");
	close(fd);
	fd = signalfd(-1, &mask, SFD_CLOEXEC);
	works(fd, "signalfd");
	close(fd);
	if (works(syscall(SYS_io_setup, 16, &context), "io_setup"))
		syscall(SYS_io_destroy, context);
}

/* Guest memory: anonymous, from a shared file, in huge pages */
static void memory(void)
{
	int fd = syscall(SYS_memfd_create, "guest", 0);
	void *shared;

	if (!works(fd, "memfd_create"))
		return;
	works(ftruncate(fd, PAGE), "ftruncate");
	shared = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	expect(shared != MAP_FAILED, "mmap: %s", strerror(errno));
	close(fd);
	shared = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	expect(shared != MAP_FAILED, "shared anonymous: %s", strerror(errno));
	expect(memory_kib("Hugepagesize") == 2048, "no huge pages");
}

static bool has_filesystem(const char *name)
{
	FILE *file = fopen("/proc/filesystems", "r");
	char line[64];
	bool found = false;

	while (file && fgets(line, sizeof(line), file))
		found |= !!strstr(line, name);
	if (file)
		fclose(file);
	return found;
}

/* Guests may run the kernel of the host: it needs drivers, too. */
static void guest_drivers(void)
{
	static const char * const drivers[] = {
		"/sys/bus/virtio/drivers/virtio_blk",
		"/sys/bus/virtio/drivers/virtio_net",
		"/sys/bus/virtio/drivers/virtio_console",
		"/sys/bus/virtio/drivers/virtio_balloon",
		"/sys/bus/virtio/drivers/virtio_rng",
		"/sys/bus/virtio/drivers/9pnet_virtio",
		"/sys/bus/pci/drivers/virtio-pci",
		"/sys/bus/platform/drivers/virtio-mmio",
		"/sys/bus/platform/drivers/pci-host-generic",
	};
	unsigned int i;
	struct stat st;

	for (i = 0; i < ARRAY_SIZE(drivers); i++)
		works(stat(drivers[i], &st), drivers[i]);
	expect(has_filesystem("9p"), "no 9p");
}

static const struct test tests[] = {
	{ "sockets by which a VMM is asked", unix_socket },
	{ "networks of guests", network },
	{ "events, timers, signals and asynchronous I/O", descriptors },
	{ "memory that is shared, and huge pages", memory },
	{ "drivers of a guest", guest_drivers },
};

int main(void)
{
	return run_tests(tests, ARRAY_SIZE(tests));
}
