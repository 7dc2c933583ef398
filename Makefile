# handprobe. `make demo` and `make test` do all set-up themselves; `make help` lists the rest.

PREFIX ?= /usr/local
DESTDIR ?=
# Who may run the installed program. By default those who may become root anyway: nobody gains a right.
GROUP ?= $(shell getent group sudo wheel 2>/dev/null | head -n 1 | cut -d : -f 1 | grep . || echo root)

SCRIPTS := Tests/Scripts
BINARY := .build/release/handprobe

BINDIR := $(DESTDIR)$(PREFIX)/bin
MANDIR := $(DESTDIR)$(PREFIX)/share/man/man1
BASHDIR := $(DESTDIR)$(PREFIX)/share/bash-completion/completions
ZSHDIR := $(DESTDIR)$(PREFIX)/share/zsh/site-functions
FISHDIR := $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d
INSTALLED := $(BINDIR)/handprobe $(MANDIR)/handprobe.1 $(BASHDIR)/handprobe $(ZSHDIR)/_handprobe $(FISHDIR)/handprobe.fish

.DEFAULT_GOAL := help
.PHONY: help setup build demo test test-full fuzz check format bench release install uninstall clean

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1	\2/p' $(MAKEFILE_LIST) | expand -t 20

setup: ## install what building and testing need
	@$(SCRIPTS)/setup.sh test

build: ## build for development
	@$(SCRIPTS)/setup.sh build
	swift build --product handprobe

demo: build ## open and close a connection by hand, against a server of its own on loopback
	@$(SCRIPTS)/demo.sh

test: setup ## build and run every test, the kernel ones included
	swift build --build-tests
	@$(SCRIPTS)/manual.sh .build/debug/handprobe
	@$(SCRIPTS)/test.sh

test-full: ## the long tests too, and the kernel suites 20 times in a row
	@$(SCRIPTS)/setup.sh test-full
	swift build --build-tests
	@$(SCRIPTS)/test-full.sh

fuzz: ## feed what parses and judges with made-up inputs, HANDPROBE_FUZZ_SECONDS a target
	@$(SCRIPTS)/setup.sh build
	@$(SCRIPTS)/fuzz.sh

check: ## style, imports and layout, without building
	@$(SCRIPTS)/check.sh

format: ## lay the code out as `make check` wants it
	swift format --in-place --parallel --recursive Sources Tests Package.swift

release: ## build the program that `make install` installs
	@$(SCRIPTS)/setup.sh build
	swift build -c release --static-swift-stdlib --product handprobe -Xlinker -s -Xswiftc -cross-module-optimization

bench: release ## measure against named references, in one run
	@$(SCRIPTS)/setup.sh bench
	@Tests/Benchmarks/bench.sh $(BINARY)

install: ## as root, after `make release`: program, man page, completions
	@if [ "$$(id -u)" -ne 0 ]; then \
	    echo "install: ownership and cap_net_raw need root: sudo make install" >&2; exit 1; fi
	@if [ ! -x $(BINARY) ]; then \
	    echo "install: there is no $(BINARY) yet: run 'make release' first, as yourself" >&2; exit 1; fi
	@if ! getent group "$(GROUP)" >/dev/null; then \
	    echo "install: there is no group '$(GROUP)' on this machine: choose one with GROUP=" >&2; exit 1; fi
	@$(SCRIPTS)/setup.sh install
	install -d $(BINDIR) $(MANDIR) $(BASHDIR) $(ZSHDIR) $(FISHDIR)
	install -o root -g $(GROUP) -m 0750 $(BINARY) $(BINDIR)/handprobe
	PATH=$$PATH:/usr/sbin:/sbin setcap cap_net_raw+ep $(BINDIR)/handprobe
	install -m 0644 Docs/handprobe.1 $(MANDIR)/handprobe.1
	$(BINARY) --generate-completion-script bash > $(BASHDIR)/handprobe && chmod 0644 $(BASHDIR)/handprobe
	$(BINARY) --generate-completion-script zsh > $(ZSHDIR)/_handprobe && chmod 0644 $(ZSHDIR)/_handprobe
	$(BINARY) --generate-completion-script fish > $(FISHDIR)/handprobe.fish && chmod 0644 $(FISHDIR)/handprobe.fish
	@echo "install: $(BINDIR)/handprobe may be run by root and by group $(GROUP)"

uninstall: ## remove exactly what `make install` installed
	rm -f $(INSTALLED)

clean: ## remove what was built
	rm -rf .build
