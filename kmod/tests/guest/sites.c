// SPDX-License-Identifier: GPL-2.0
/*
 * All places in the module that ask the kernel for memory, from its relocations:
 * what the module can do, not what a run happened to do.
 */
#define _GNU_SOURCE
#include <elf.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "inject.h"
#include "sites.h"

#define SITES_MAX 256

struct site sites[SITES_MAX];
int nr_sites;

/* A call that is not there to ask for memory but may: the log would tell. */
static const char *const words[] = {
	"alloc", "_create", "asprintf", "memdup", "register", "gen_pool_add",
	"debugfs_lookup",
};

static const char *const others[] = {
	"unregister", "is_vmalloc", "vmalloc_to", "asan", "kasan",
};

static char *image;
static Elf64_Shdr *headers;

static int among(const char *name, const char *const *list, unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n; i++) {
		if (strstr(name, list[i]))
			return 1;
	}
	return 0;
}

static int allocates(const char *name)
{
	return among(name, words, sizeof(words) / sizeof(words[0])) &&
	       !among(name, others, sizeof(others) / sizeof(others[0]));
}

/* They are measured, and count their failures themselves. */
static int timed(const char *function)
{
	static const char *const loops[] = {
		"_pair", "_fill", "_empty", "_pair_stretch", "_fill_stretch",
		"_empty_stretch",
	};

	return among(function, loops, sizeof(loops) / sizeof(loops[0]));
}

static const char *section_name(unsigned int section)
{
	const Elf64_Ehdr *elf = (const Elf64_Ehdr *)image;

	return image + headers[elf->e_shstrndx].sh_offset +
	       headers[section].sh_name;
}

/* The function that has the byte at @offset, NULL if none has. */
static const Elf64_Sym *function_at(const Elf64_Shdr *symtab,
				    unsigned int section, unsigned long offset)
{
	const Elf64_Sym *sym = (const Elf64_Sym *)(image + symtab->sh_offset);
	const Elf64_Sym *end = sym + symtab->sh_size / sizeof(*sym);

	for (; sym < end; sym++) {
		if (sym->st_shndx == section &&
		    ELF64_ST_TYPE(sym->st_info) == STT_FUNC &&
		    offset >= sym->st_value &&
		    offset < sym->st_value + sym->st_size)
			return sym;
	}
	return NULL;
}

static void list_call(const Elf64_Shdr *symtab, unsigned int section,
		      const Elf64_Rela *rela)
{
	const char *names = image + headers[symtab->sh_link].sh_offset;
	const Elf64_Sym *callee = (const Elf64_Sym *)(image + symtab->sh_offset) +
				  ELF64_R_SYM(rela->r_info);
	const unsigned char *code = (const unsigned char *)image +
				    headers[section].sh_offset + rela->r_offset;
	const Elf64_Sym *in = function_at(symtab, section, rela->r_offset);
	struct site *site = &sites[nr_sites];

	if (callee->st_shndx != SHN_UNDEF || !rela->r_offset ||
	    (code[-1] != 0xe8 && code[-1] != 0xe9) ||
	    !allocates(names + callee->st_name) ||
	    (in && timed(names + in->st_name)))
		return;
	if (!in || code[-1] == 0xe9 || nr_sites == SITES_MAX) {
		/* A jump leaves no return address to filter by. */
		violation("listing", names + callee->st_name, nr_sites);
		return;
	}
	site->section = section;
	site->offset = rela->r_offset + 4;
	snprintf(site->where, sizeof(site->where), "%s+0x%lx",
		 names + in->st_name, (unsigned long)(site->offset - in->st_value));
	snprintf(site->call, sizeof(site->call), "%s", names + callee->st_name);
	nr_sites++;
}

static void list_section(const Elf64_Shdr *header)
{
	const Elf64_Rela *rela = (const Elf64_Rela *)(image + header->sh_offset);
	const Elf64_Rela *end = rela + header->sh_size / sizeof(*rela);

	for (; rela < end; rela++) {
		if (ELF64_R_TYPE(rela->r_info) == R_X86_64_PLT32 ||
		    ELF64_R_TYPE(rela->r_info) == R_X86_64_PC32)
			list_call(&headers[header->sh_link], header->sh_info, rela);
	}
}

void sites_list(const char *module_path)
{
	int fd = open(module_path, O_RDONLY | O_CLOEXEC);
	struct stat st = {};
	const Elf64_Ehdr *elf;
	unsigned int i;

	fstat(fd, &st);
	image = mmap(NULL, st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	close(fd);
	if (image == MAP_FAILED) {
		violation("listing", module_path, 0);
		return;
	}
	elf = (const Elf64_Ehdr *)image;
	headers = (Elf64_Shdr *)(image + elf->e_shoff);
	for (i = 0; i < elf->e_shnum; i++) {
		if (headers[i].sh_type == SHT_RELA &&
		    (headers[headers[i].sh_info].sh_flags & SHF_EXECINSTR))
			list_section(&headers[i]);
	}
}

/* Of a loaded module; 0 when the section is gone, as that of init is. */
unsigned long site_address(const struct site *site)
{
	char path[200], text[32] = "";
	int fd;

	snprintf(path, sizeof(path), "/sys/module/kallocbench/sections/%s",
		 section_name(site->section));
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || read(fd, text, sizeof(text) - 1) <= 0)
		text[0] = '\0';
	close(fd);
	return *text ? strtoul(text, NULL, 16) + site->offset : 0;
}

/* What the kernel's log says was made to fail; a site that is not listed may not be. */
void site_logged(const char *name, int len, int refused)
{
	char where[96];
	int i;

	snprintf(where, sizeof(where), "%.*s", len, name);
	for (i = 0; i < nr_sites; i++) {
		if (!strcmp(sites[i].where, where)) {
			sites[i].logged = 1;
			sites[i].refused = refused;
			return;
		}
	}
	if (!timed(where))
		violation("an allocation that is not listed", where, 0);
}
