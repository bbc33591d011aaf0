// SPDX-License-Identifier: GPL-2.0
/*
 * A TCG plugin of QEMU 9 or later: count the instructions that kvm-bench marks.
 *
 * Arguments: out=FILE. At the end, write a line "address opcode count" to it for
 * each instruction that ran between the marks. The machine has one CPU.
 */
#include <linux/types.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * Debian has no package with qemu-plugin.h: declare what is used here, of version
 * 4 of the interface.
 */
typedef __u64 qemu_plugin_id_t;
typedef __u32 qemu_plugin_meminfo_t;
struct qemu_info_t;
struct qemu_plugin_tb;
struct qemu_plugin_insn;
struct qemu_plugin_hwaddr;

enum { QEMU_PLUGIN_CB_NO_REGS };
enum { QEMU_PLUGIN_MEM_RW = 3 };

size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *tb);
struct qemu_plugin_insn *qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *tb, size_t i);
size_t qemu_plugin_insn_data(const struct qemu_plugin_insn *insn, void *to, size_t size);
__u64 qemu_plugin_insn_vaddr(const struct qemu_plugin_insn *insn);
struct qemu_plugin_hwaddr *qemu_plugin_get_hwaddr(qemu_plugin_meminfo_t info, __u64 vaddr);
bool qemu_plugin_hwaddr_is_io(const struct qemu_plugin_hwaddr *address);
void qemu_plugin_register_vcpu_tb_trans_cb(qemu_plugin_id_t id,
					   void (*fn)(qemu_plugin_id_t id,
						      struct qemu_plugin_tb *tb));
void qemu_plugin_register_vcpu_insn_exec_cb(struct qemu_plugin_insn *insn,
					    void (*fn)(unsigned int cpu, void *arg),
					    int flags, void *arg);
void qemu_plugin_register_vcpu_mem_cb(struct qemu_plugin_insn *insn,
				      void (*fn)(unsigned int cpu, qemu_plugin_meminfo_t info,
						 __u64 vaddr, void *arg),
				      int flags, int access, void *arg);
void qemu_plugin_register_atexit_cb(qemu_plugin_id_t id,
				    void (*fn)(qemu_plugin_id_t id, void *arg), void *arg);

__attribute__((visibility("default"))) int qemu_plugin_version = 4;

/* mov r9, r9 and mov r10, r10 */
#define MARK_BEGIN	0xe1a09009
#define MARK_END	0xe1a0a00a

#define BUCKETS		65536

struct instruction {
	struct instruction *next;
	__u32 address, opcode;
	__u64 count, device;
};

static struct instruction *table[BUCKETS];
static const char *output = "profile.txt";
static bool counting;

static struct instruction *find(__u32 address, __u32 opcode)
{
	struct instruction **place = &table[(address >> 1) % BUCKETS], *found;

	for (found = *place; found; found = found->next)
		if (found->address == address && found->opcode == opcode)
			return found;
	found = calloc(1, sizeof(*found));
	if (!found)
		abort();
	found->address = address;
	found->opcode = opcode;
	found->next = *place;
	*place = found;
	return found;
}

static void executed(unsigned int cpu, void *arg)
{
	struct instruction *instruction = arg;

	(void)cpu;
	if (instruction->opcode == MARK_BEGIN)
		counting = true;
	else if (instruction->opcode == MARK_END)
		counting = false;
	else
		instruction->count += counting;
}

static void accessed(unsigned int cpu, qemu_plugin_meminfo_t info, __u64 vaddr, void *arg)
{
	struct instruction *instruction = arg;
	struct qemu_plugin_hwaddr *address;

	(void)cpu;
	if (!counting)
		return;
	address = qemu_plugin_get_hwaddr(info, vaddr);
	instruction->device += address && qemu_plugin_hwaddr_is_io(address);
}

static void translated(qemu_plugin_id_t id, struct qemu_plugin_tb *tb)
{
	size_t i, n = qemu_plugin_tb_n_insns(tb);

	(void)id;
	for (i = 0; i < n; i++) {
		struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(tb, i);
		struct instruction *instruction;
		__u32 opcode = 0;

		qemu_plugin_insn_data(insn, &opcode, sizeof(opcode));
		instruction = find(qemu_plugin_insn_vaddr(insn), opcode);
		qemu_plugin_register_vcpu_insn_exec_cb(insn, executed, QEMU_PLUGIN_CB_NO_REGS,
						       instruction);
		qemu_plugin_register_vcpu_mem_cb(insn, accessed, QEMU_PLUGIN_CB_NO_REGS,
						 QEMU_PLUGIN_MEM_RW, instruction);
	}
}

static void finish(qemu_plugin_id_t id, void *arg)
{
	FILE *file = fopen(output, "w");
	struct instruction *i;
	unsigned int bucket;

	(void)id;
	(void)arg;
	if (!file)
		return;
	for (bucket = 0; bucket < BUCKETS; bucket++)
		for (i = table[bucket]; i; i = i->next)
			if (i->count)
				fprintf(file, "%08x %08x %llu %llu\n", i->address, i->opcode,
					i->count, i->device);
	fclose(file);
}

__attribute__((visibility("default")))
int qemu_plugin_install(qemu_plugin_id_t id, const struct qemu_info_t *info, int argc,
			char **argv)
{
	(void)info;
	if (argc > 0 && !strncmp(argv[0], "out=", strlen("out=")))
		output = argv[0] + strlen("out=");
	qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
	qemu_plugin_register_atexit_cb(id, finish, NULL);
	return 0;
}
