# xplat: build, test, measure. `make help` lists the targets.

.DEFAULT_GOAL := help
SHELL := /bin/bash

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV   := .venv
BIN    := $(VENV)/bin
BUILD  := build
SANITIZE := build-sanitize
DIGEST := $(shell $(PYTHON) tools/pins.py --digest)
PINS   := $(VENV)/.pins-$(DIGEST)
BENCH_DATA := $(VENV)/data/.pins-$(shell $(PYTHON) tools/pins.py --bench --digest)

ifeq ($(DIGEST),)
  $(error python 3.11 is needed: set PYTHON to it)
endif

.PHONY: help build test test-full test-install sanitize test-sanitize fuzz coverage demo bench-accuracy area check format tidy docs clean

help: ## list the targets
	@sed -n 's/^\([a-z%-]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | column -t -s '|'

# ---- building

build: $(BUILD)/build.ninja ## build everything: compiler, Python package, programs in .venv/bin
	@tools/locked.sh $(BUILD)/.lock $(BIN)/ninja -C $(BUILD) $(if $(CI),--quiet)

$(PINS):
	@tools/system_packages.sh $(PYTHON)
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(PYTHON) tools/pins.py > $(VENV)/pins.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r $(VENV)/pins.txt
	@rm -f $(VENV)/.pins-*
	@touch $@

$(BUILD)/build.ninja: $(PINS)
	$(BIN)/cmake -S . -B $(BUILD) -G Ninja --log-level=WARNING \
	  -DPython3_EXECUTABLE=$(CURDIR)/$(BIN)/python -DCMAKE_MAKE_PROGRAM=$(CURDIR)/$(BIN)/ninja
	@$(PYTHON) tools/dev_install.py $(VENV) $(BUILD)
	@touch $@

# ---- testing

test: build ## compiler tests, Python tests, kernel tests, checks
	@$(BIN)/python tools/run_tests.py

test-full: build ## the same with the long tests and a clean installation
	@$(BIN)/python tools/run_tests.py --long

test-install: build ## install into a clean environment and use it from an empty folder
	@$(BIN)/python -m pytest -q -m long test/python/project/test_installation.py

# The prebuilt MLIR is not instrumented: what its containers poison is not what ours expect.
test-sanitize: sanitize ## the compiler tests with AddressSanitizer and UndefinedBehaviorSanitizer
	@ASAN_OPTIONS=detect_container_overflow=0:detect_odr_violation=0 UBSAN_OPTIONS=print_stacktrace=1 \
	  $(BIN)/lit -q -D build=$(SANITIZE) test/lit && echo "no sanitizer found anything"

sanitize: $(SANITIZE)/build.ninja
	@tools/locked.sh $(SANITIZE)/.lock $(BIN)/ninja -C $(SANITIZE) xplat-lit-programs

$(SANITIZE)/build.ninja: $(PINS)
	$(BIN)/cmake -S . -B $(SANITIZE) -G Ninja --log-level=WARNING -DXPLAT_SANITIZE=ON \
	  -DPython3_EXECUTABLE=$(CURDIR)/$(BIN)/python -DCMAKE_MAKE_PROGRAM=$(CURDIR)/$(BIN)/ninja
	@touch $@

fuzz: build $(if $(findstring --sanitize,$(ARGS)),sanitize) ## xplat-opt on changed .mlir inputs (ARGS="--count 20000 --seed 3 --sanitize")
	@$(BIN)/python tools/fuzz $(ARGS)

# Workers and the processes that tests start count too.
coverage: build ## which lines of the Python package the default tests run (ARGS="test/python/formats")
	@rm -rf $(BUILD)/coverage
	@OMP_NUM_THREADS=1 $(BIN)/coverage run -m pytest -q -m "not long" -n auto --dist=worksteal $(ARGS)
	@$(BIN)/coverage combine --quiet && $(BIN)/coverage report

check: build ## style of the sources and rules of the project
	@$(BIN)/python tools/run_tests.py --only checks

docs: build ## the documentation as a site in build/site: pages, docstrings, passes, dialect; fails on a broken link
	@$(BIN)/python tools/site_pages.py $(BUILD)/site-pages && $(BIN)/mkdocs build --strict && echo $(BUILD)/site/index.html

tidy: build ## clang-tidy on C++ sources, all or FILES="lib/CAPI/Xplat.cpp ..." (ten seconds each)
	@$(BIN)/clang-tidy -p $(BUILD) --quiet $(or $(FILES),$(shell git ls-files 'dialects/*.cpp' 'lib/*.cpp' 'tools/*.cpp'))

format: build ## put the Python and C++ sources into shape, and what ODS says into docs/Spec.md
	@$(BIN)/ruff check --quiet --fix python test tools benchmarks hw_kernels examples; $(BIN)/ruff format --quiet python test tools benchmarks hw_kernels examples
	@$(BIN)/python tools/licence_lines.py
	@$(BIN)/python tools/spec_page.py
	@$(BIN)/clang-format -i $$(git ls-files '*.cpp' '*.h')

# ---- showing and measuring

demo: build ## a small network, from PyTorch to simulated hardware
	@$(BIN)/python benchmarks/demo.py

bench-import: build ## import all models of the zoo: time, memory, size of the IR, work
	@$(BIN)/python benchmarks/import_models.py

bench-%: build ## run benchmarks/%.py
	@$(BIN)/python benchmarks/$(subst -,_,$*).py

# Its weights and data are files in published packages, which are downloaded only.
bench-accuracy: build $(BENCH_DATA) ## accuracy of number formats on real weights and data (ARGS="--task vit --format int4")
	@PYTHONPATH=benchmarks $(BIN)/python -m accuracy $(ARGS)

bench-minilm: build $(BENCH_DATA) ## a sentence encoder with its real weights as hardware (ARGS="--samples 4 --quantize mxint8")
	@PYTHONPATH=benchmarks $(BIN)/python benchmarks/minilm.py $(ARGS)

bench-mobilenet-rtl: build $(BENCH_DATA) ## MobileNetV2 with its ImageNet weights, photographs through the simulated hardware (ARGS="--photographs 2")
	@PYTHONPATH=benchmarks $(BIN)/python benchmarks/mobilenet_rtl.py $(ARGS)

$(BENCH_DATA): | $(PINS)
	@rm -rf $(VENV)/data
	@$(PYTHON) tools/pins.py --bench > $(VENV)/pins-bench.txt
	$(BIN)/python -m pip download --quiet --disable-pip-version-check --no-deps --no-binary vaderSentiment \
	  -d $(VENV)/data -r $(VENV)/pins-bench.txt
	@touch $@

bench-timing: build ## the clock that each kernel reaches, placed and routed, before beside after (ARGS="--case conv2d --seed 1-8")
	@PYTHONPATH=benchmarks $(BIN)/python -m timing $(ARGS)

area: build ## measure the area of the kernels again with Yosys
	@$(BIN)/python test/kernels/area.py

clean: ## remove what was built, keep the packages
	rm -rf $(BUILD) $(SANITIZE)
