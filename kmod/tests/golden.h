/* SPDX-License-Identifier: GPL-2.0 */
/* Golden files: what the code said when somebody last read it and agreed. */
#ifndef GOLDEN_H
#define GOLDEN_H

#include <stdio.h>
#include <string.h>

#include "unit.h"

static inline void golden_path(char *path, size_t size, const char *name)
{
	snprintf(path, size, "%s/%s", GOLDEN_DIR, name);
}

static inline void golden_record(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_int_equal(fputs(text, file) < 0, 0);
	assert_int_equal(fclose(file), 0);
}

/* Compares line by line, so that a failure shows the line that changed. */
static inline void golden_compare(const char *path, const char *text)
{
	FILE *file = fopen(path, "r");
	static char want[1 << 16], got[1 << 16];
	unsigned int line = 0;

	if (!file)
		fail_msg("%s: cannot be read; `make record` writes it", path);
	while (fgets(want, sizeof(want), file)) {
		size_t len = strcspn(text, "\n") + 1;

		line++;
		if (strlen(text) < len)
			fail_msg("%s:%u: text ends before \"%s\"", path, line, want);
		snprintf(got, sizeof(got), "%.*s", (int)len, text);
		if (strcmp(want, got))
			fail_msg("%s:%u: want %s got %s", path, line, want, got);
		text += len;
	}
	fclose(file);
	if (*text)
		fail_msg("%s: text goes on with \"%.80s\"", path, text);
}

/* golden() - the text is what the file of that name holds, or becomes it */
static inline void golden(const char *name, const char *text)
{
	char path[1024];

	golden_path(path, sizeof(path), name);
	if (getenv("RECORD"))
		golden_record(path, text);
	else
		golden_compare(path, text);
}

#endif
