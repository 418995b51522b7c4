// SPDX-License-Identifier: GPL-2.0
/*
 * kallocbench - what does an allocation cost on this kernel?
 *
 * Here the module begins and ends, and its files in debugfs are table rows.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/debugfs.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/string.h>

#include "calibrate.h"
#include "fact.h"
#include "session.h"

static char *lane = "time";
module_param(lane, charp, 0444);
MODULE_PARM_DESC(lane, "time: a tick is time; insn: the machine counts an instruction a tick");

static const struct debugfs_row {
	const char *name;
	umode_t mode;
	enum session_file file;		/* what it holds when it is opened */
	int (*write)(const char __user *from, size_t len);
} rows[] = {
	{ "run", 0600, SESSION_LINE, kab_session_run },
	{ "results", 0400, SESSION_RESULTS },
	{ "summary", 0400, SESSION_SUMMARY },
	{ "properties", 0400, SESSION_PROPERTIES },
	{ "status", 0400, SESSION_STATUS },
	{ "error", 0400, SESSION_ERROR },
	{ "abort", 0200, SESSION_NONE, kab_session_abort },
	{ "help", 0400, SESSION_HELP },
};

/* Whoever has a file open sees it as it was then, from first to last byte. */
static int debugfs_open(struct inode *inode, struct file *file)
{
	const struct debugfs_row *row = inode->i_private;
	struct text *t = NULL;

	if (row->file != SESSION_NONE && (file->f_mode & FMODE_READ))
		t = kab_session_read(row->file);
	if (IS_ERR(t))
		return PTR_ERR(t);
	file->private_data = t;
	return 0;
}

static int debugfs_release(struct inode *inode, struct file *file)
{
	kab_text_put(file->private_data);
	return 0;
}

static ssize_t debugfs_read(struct file *file, char __user *to, size_t len,
			    loff_t *pos)
{
	const struct text *t = file->private_data;

	if (!t)
		return -EINVAL;
	return simple_read_from_buffer(to, len, pos, t->buf, t->len);
}

/* Each write(2) is whole by itself: the position never advances. */
static ssize_t debugfs_write(struct file *file, const char __user *from,
			     size_t len, loff_t *pos)
{
	const struct debugfs_row *row = file_inode(file)->i_private;
	int err;

	if (!row->write)
		return -EINVAL;
	if (*pos)
		return kab_session_refuse(-EINVAL,
					  "a line is written at offset 0, in one write");
	if (!len)
		return 0;
	err = row->write(from, len);
	return err ?: len;
}

static const struct file_operations debugfs_fops = {
	.owner = THIS_MODULE,
	.open = debugfs_open,
	.release = debugfs_release,
	.read = debugfs_read,
	.write = debugfs_write,
	.llseek = default_llseek,
};

static struct dentry *directory;

static int create_files(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		struct dentry *file;

		file = debugfs_create_file(rows[i].name, rows[i].mode, directory,
					   (void *)&rows[i], &debugfs_fops);
		if (IS_ERR(file))
			return PTR_ERR(file);
	}
	return 0;
}

static int __init kallocbench_init(void)
{
	const bool insn = !strcmp(lane, "insn");
	int err;

	if (!insn && strcmp(lane, "time")) {
		pr_err("lane=%s: not one of time, insn\n", lane);
		return -EINVAL;
	}
	err = insn ? kab_calibrate_check_insn() : 0;
	if (err)
		return err;

	kab_fact_learn_slots();
	err = kab_session_open(insn);
	if (err)
		return err;

	/* The only way in: without it there is nothing to load. */
	directory = debugfs_create_dir(KBUILD_MODNAME, NULL);
	err = PTR_ERR_OR_ZERO(directory) ?: create_files();
	if (err) {
		pr_err("debugfs does not take our files: error %d\n", err);
		debugfs_remove(directory);
		kab_session_close();
	}
	return err;
}

static void __exit kallocbench_exit(void)
{
	debugfs_remove(directory);
	kab_session_close();
}

module_init(kallocbench_init);
module_exit(kallocbench_exit);

MODULE_DESCRIPTION("Benchmark of the kernel's allocators");
MODULE_LICENSE("GPL");
