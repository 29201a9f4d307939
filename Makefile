# Two commands do everything on a fresh machine: `make demo` and `make test`.
# TORCH=cuda installs torch with CUDA; PYTHON=python3.12 chooses the Python.

CANDIDATES := python3 python3.14 python3.13 python3.12 python3.11 python
ifndef PYTHON
PYTHON := $(shell for each in $(CANDIDATES); do \
	"$$each" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$each" && break; \
	done)
endif
SHARED_DATA := $(wildcard ../shared/data)

# The data sets beside the project are used where they are and nothing else is named.
ifndef HABITUS_DATA
ifneq ($(SHARED_DATA),)
export HABITUS_DATA := $(abspath $(SHARED_DATA))
endif
endif

# Nothing is written outside .venv: byte code, caches and examples of the tests go into it.
export PYTHONPYCACHEPREFIX := $(abspath .venv)/pycache
unexport PYTHONDONTWRITEBYTECODE
export HYPOTHESIS_STORAGE_DIRECTORY := $(abspath .venv)/hypothesis

RUN := .venv/bin/

.PHONY: demo test check bench venv

demo: venv
	$(RUN)habitus demo

test: venv
	$(RUN)python -m pytest --durations=15

check: venv
	$(RUN)ruff check .
	$(RUN)ruff format --check .
	$(RUN)mypy
	$(RUN)lint-imports --cache-dir .venv/.import_linter_cache

bench: venv
	$(RUN)python -m benchmarks

venv:
	@test -n "$(PYTHON)" || { \
	echo "Habitus needs Python 3.11 or newer, and none was found."; \
	echo "Install one (apt install python3 python3-venv, brew install python, python.org)"; \
	echo "and name it if it has another name: make PYTHON=/path/to/python demo"; \
	exit 1; } >&2
	@$(PYTHON) tools/make_venv.py $(if $(TORCH),--torch $(TORCH))
