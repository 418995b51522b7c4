# SPDX-License-Identifier: GPL-2.0
# Thin on purpose: what a target does is in bench-scripts/ and kmod/.

KDIR ?=
KERNEL ?= 6.12
PREFIX ?= /usr/local
DESTDIR ?=
S := bench-scripts

.DEFAULT_GOAL := help
.PHONY: help modules bench check plot load unload clean distclean kernels check-debug check-report check-memory check-kernels check-headers check-uml check-matrix check-install fuzz soak record install uninstall modules_install

help:
	@sed -n 's/^#: \{0,1\}//p' $(firstword $(MAKEFILE_LIST))

#: kallocbench: what does a kernel memory allocation cost?
#:
#:   make bench            boot a kernel in QEMU, measure, draw, and say what came out;
#:                         nothing on this machine is touched but packages it needs
#:   make load             the module into the running kernel (root), then:
#:                           cd /sys/kernel/debug/kallocbench
#:                           echo allocs=kmalloc,vmalloc sizes=64,4K > run; cat summary
#:   make unload           and out again
#:
#:   make check            set-up and all tests, minutes; the last line counts them
#:   make check-debug      the guest tests on kernels that look for bugs (KASAN, KCSAN; locks
#:                         on PREEMPT_RT), a signed module under lockdown, line coverage
#:                         of the module
#:   make check-memory     guests of 256M to 1G with every allocator at the brink of their
#:                         memory: nobody is killed for it, half an hour
#:   make check-kernels    the module on every kernel that can be had, amd64 and arm64, rt,
#:                         built by gcc and clang, half an hour; KERNELS="7.3 6.12:arm64" for
#:                         some of them
#:   make check-headers    only build it, with W=1, for all headers that can be had, twenty
#:                         seconds each
#:   make check-uml        build User Mode Linux, four minutes, and measure on it; once it is
#:                         built make check does, too
#:   make check-report     the report in a real browser, and faults planted in it;
#:                         installs Chromium
#:   make check-matrix     a series on two ssh logins and on a SLURM of two nodes, on this
#:                         machine, ten to twenty minutes
#:   make check-install    the Debian packages in an empty Debian 12 and 13, ten minutes
#:   make plot RESULT=...  pictures of a result file
#:   make modules          build kmod/kallocbench.ko for the running kernel, else for the
#:                         newest headers here; KDIR=<kernel build dir> for another
#:   make install          scripts and man pages below PREFIX (/usr/local), all of it below
#:                         DESTDIR; make uninstall; make modules_install: the module
#:                         (bench-scripts/install/debian.sh makes Debian packages)
#:   make kernels          build the small debug kernels, some ten minutes
#:   make fuzz             fuzz the parameter parser until Ctrl-C, or RUNS=N inputs
#:   make soak             an hour of random plans on the debug kernel
#:   make record           rewrite the golden files of the tests
#:   make clean, distclean what was built; also the cache of kernels and packages
#:
#: KERNEL=7.3 make bench    another kernel: a name (6.1, 6.12-rt, 6.12:arm64, newest; all of
#:                          them: bench-scripts/setup/kernel.sh list) or a bzImage (with KDIR)
#: On real hardware:        bench-scripts/collect.sh -h

modules:
	@$(S)/setup/deps.sh build
	@$(S)/setup/module.sh --in-place "$(KDIR)"

bench:
	$(S)/bench.sh --kernel "$(KERNEL)" $(if $(KDIR),--kdir "$(KDIR)")

check:
	$(S)/setup/deps.sh run check
	$(S)/tests/check.sh

check-memory:
	$(S)/setup/deps.sh run check kernels
	$(S)/tests/memory.sh

check-kernels:
	$(S)/setup/deps.sh run arm64 check kernels clang
	$(S)/tests/kernels-matrix.sh $(KERNELS)
	$(if $(KERNELS),,$(S)/tests/check.sh --slow arm64-guest)

check-headers:
	$(S)/setup/deps.sh run arm64 kernels clang
	$(S)/tests/kernels-matrix.sh --build $(KERNELS)

check-uml:
	$(S)/setup/deps.sh run check kernels
	$(S)/setup/kernels.sh build uml
	$(S)/tests/check.sh tests/uml

check-report:
	$(S)/setup/deps.sh run check report-check
	$(S)/tests/check.sh --slow tests/report

check-matrix:
	$(S)/setup/deps.sh run check matrix-check
	CHECK_TIMEOUT=3600 $(S)/tests/check.sh --slow tests/machines

check-install:
	$(S)/setup/deps.sh run install
	$(S)/tests/install-chroots.sh

install:
	@$(S)/install/install.sh --prefix "$(PREFIX)" --destdir "$(DESTDIR)"

uninstall:
	@$(S)/install/install.sh --prefix "$(PREFIX)" --destdir "$(DESTDIR)" --remove

modules_install:
	@$(S)/setup/deps.sh build
	@$(S)/setup/module.sh --install "$(DESTDIR)" $(if $(KDIR),"$(KDIR)")

plot:
	@test -n "$(RESULT)" || { echo 'usage: make plot RESULT=results/.../result-01.txt' >&2; exit 2; }
	$(S)/setup/deps.sh run
	$(S)/plot.sh "$(RESULT)"

load:
	@$(S)/setup/deps.sh build $(if $(KDIR),,headers)
	@test -d /sys/module/kallocbench || { $(MAKE) --no-print-directory modules && $(S)/setup/load.sh kmod/kallocbench.ko; }
	@echo 'loaded: cat /sys/kernel/debug/kallocbench/help'

unload:
	@! test -d /sys/module/kallocbench || rmmod kallocbench

kernels:
	$(S)/setup/deps.sh kernels
	$(S)/setup/kernels.sh build debug
	$(S)/setup/kernels.sh build kcsan
	$(S)/setup/kernels.sh build debug-rt

check-debug: kernels
	$(S)/setup/deps.sh run check
	$(S)/tests/check.sh --debug
	$(S)/tests/debug.sh sign
	$(S)/tests/debug.sh coverage

soak:
	$(S)/setup/deps.sh run check kernels
	CHECK_TIMEOUT=5400 $(S)/tests/check.sh --slow guest/soak

fuzz record:
	$(S)/setup/deps.sh run check
	$(MAKE) -C kmod/tests $@

clean:
	rm -rf .cache/modules
	rm -f kmod/*.o kmod/.*.o kmod/*.ko kmod/*.mod kmod/*.mod.c kmod/.*.cmd kmod/Module.symvers kmod/modules.order
	@! test -f kmod/tests/Makefile || $(MAKE) -s -C kmod/tests clean

distclean: clean
	rm -rf .cache
