# make demo: set everything up and run the main job.   make test: set everything up and run the tests.
# make desk: set everything up and open the staff's pages on a fictional project.   make lab: JupyterLab on the demo.
# make docs: the pages of docs/ as a site, build/docs/index.html.
PYTHON ?= python3
BIN := .venv/bin
WHEELS ?= dist

.PHONY: demo desk docs test lint lock wheel lab clean

demo: .venv/ready
	rm -rf demo
	PYTHONDONTWRITEBYTECODE= $(BIN)/evaluation demo demo

desk: .venv/ready
	PYTHONDONTWRITEBYTECODE= $(BIN)/evaluation desk desk-demo --demo --open

# Offline; the page of commands is made from the texts of the commands, whose test says when it is old.
docs: .venv/ready
	$(BIN)/python -m evaluation.cli.reference
	$(BIN)/sphinx-build -q -W --keep-going -c docs/site -d build/doctrees docs build/docs
	@echo "open build/docs/index.html"

test: .venv/ready
	# Two processes share the cores; those that they start find the modules compiled.
	PYTHONDONTWRITEBYTECODE= OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1 $(BIN)/python -m pytest

lint: .venv/ready
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

lab: .venv/ready
	test -e demo/demo.key || $(BIN)/evaluation demo demo
	EVALUATION_KEY_FILE="$(CURDIR)/demo/demo.key" $(BIN)/jupyter lab demo

wheel: .venv/ready
	$(BIN)/python -m build --no-isolation --wheel --outdir $(WHEELS)

# Needs uv; covers Python 3.11 to 3.13 on Linux, macOS and Windows.
lock:
	uv pip compile pyproject.toml --all-extras --universal --python-version 3.11 --generate-hashes \
	  --no-header --no-annotate --no-emit-index-url --no-emit-find-links --output-file requirements.txt

# Modules are compiled when they are first used, which most never are.
.venv/ready: requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed.")'
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || .ci/need python3-venv
	$(PYTHON) -m venv --clear .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile --require-hashes -r requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

clean:
	rm -rf .venv dist build demo desk-demo
