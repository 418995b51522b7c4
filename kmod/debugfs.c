// SPDX-License-Identifier: GPL-2.0
/*
 * debugfs - the files as table rows, and copies from and to the user.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/debugfs.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "debugfs.h"
#include "plan.h"
#include "session.h"

/**
 * struct debugfs_row - one file
 * @name: of the file
 * @mode: who may do what
 * @file: what it holds when it is opened for reading
 * @write: takes one write(2)
 */
struct debugfs_row {
	const char *name;
	umode_t mode;
	enum session_file file;
	int (*write)(const char __user *from, size_t len);
};

static int write_run(const char __user *from, size_t len)
{
	char *line;
	int err;

	if (len > WORD_LINE_MAX + 1)
		return session_refuse(-E2BIG,
				      "the line is too long: at most 4095 bytes");

	line = memdup_user(from, len);
	if (IS_ERR(line))
		return session_refuse(PTR_ERR(line),
				      "the line could not be copied from the writer's memory");
	err = session_run(line, len);
	kfree(line);
	return err;
}

static int write_abort(const char __user *from, size_t len)
{
	session_abort();
	return 0;
}

static const struct debugfs_row rows[] = {
	{ "run", 0600, SESSION_LINE, write_run },
	{ "results", 0400, SESSION_RESULTS },
	{ "summary", 0400, SESSION_SUMMARY },
	{ "properties", 0400, SESSION_PROPERTIES },
	{ "status", 0400, SESSION_STATUS },
	{ "error", 0400, SESSION_ERROR },
	{ "abort", 0200, SESSION_NONE, write_abort },
	{ "help", 0400, SESSION_HELP },
};

/* Whoever has a file open sees it as it was then, from first to last byte. */
static int debugfs_open(struct inode *inode, struct file *file)
{
	const struct debugfs_row *row = inode->i_private;
	struct text *t = NULL;

	if (row->file != SESSION_NONE && (file->f_mode & FMODE_READ))
		t = session_read(row->file);
	if (IS_ERR(t))
		return PTR_ERR(t);
	file->private_data = t;
	return 0;
}

static int debugfs_release(struct inode *inode, struct file *file)
{
	text_put(file->private_data);
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
		return session_refuse(-EINVAL,
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

/**
 * debugfs_start() - make the files
 * @insn: the machine counts instructions: the module was told so
 *
 * Context: process, may sleep.
 * Return: 0 or a negative errno; debugfs is the only way in, so that without
 * it there is nothing to load.
 */
int debugfs_start(bool insn)
{
	int err = session_open(insn);

	if (err)
		return err;

	directory = debugfs_create_dir(KBUILD_MODNAME, NULL);
	err = PTR_ERR_OR_ZERO(directory) ?: create_files();
	if (err) {
		pr_err("debugfs does not take our files: error %d\n", err);
		debugfs_remove(directory);
		session_close();
	}
	return err;
}

/**
 * debugfs_stop() - take the files away
 *
 * Context: process, may sleep; waits for those who are in a file.
 */
void debugfs_stop(void)
{
	debugfs_remove(directory);
	session_close();
}
