# Everything that a fresh machine needs is made here; python3 with venv, git and make are assumed.
VENV := .venv
BIN := $(VENV)/bin
DEMO := .demo

.PHONY: demo quick test lint templates bench contract clean system-packages typed-tests

# The main job on a copy of the examples and an embedded sandbox: plan, apply, an empty plan, the recorded ids.
demo: $(VENV)/.sandbox
	rm -rf $(DEMO) && mkdir $(DEMO) && cp -R jmctl.yaml examples $(DEMO)/
	$(BIN)/jmctl -C $(DEMO) init
	$(BIN)/jmctl -C $(DEMO) plan
	$(BIN)/jmctl -C $(DEMO) apply --auto-approve
	$(BIN)/jmctl -C $(DEMO) plan --detailed-exitcode
	$(BIN)/jmctl -C $(DEMO) state list

# The inner loop: what a change breaks most often, in some twenty seconds
quick: $(VENV)/.dev
	$(BIN)/ruff check --quiet .
	$(BIN)/ruff format --quiet --check .
	$(BIN)/mypy & typed=$$!; $(BIN)/pytest -q -n 2 -m 'not slow' tests && wait $$typed

# Four workers even on two cores, since much of the time is waiting; the files with most tests first
test: lint
	.ci/oauth-server
	$(BIN)/pytest -n 4 --dist loadfile tests

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# The pipelines that are shipped, by the linters and schemas of their hosts: needs go and the network once
templates: $(VENV)/.dev
	.ci/templates

# mypy over the tests, too, in the folders that are clean
typed-tests: $(VENV)/.dev
	.ci/typed-tests

# Chromium, zsh and fish, which some tests need; asks for the password of sudo where that is needed
system-packages:
	.ci/system-packages

# One table: ratios within this run beside goals and the kept baseline. SHORT=1 is the form of CI, KEEP=1 keeps a baseline
bench: $(VENV)/.dev
	$(BIN)/python bench/table.py $(if $(SHORT),--short) $(if $(KEEP),--keep)

# Client and sandbox against the contract, by tools that others wrote: they need npx, uv and the network
contract: $(VENV)/.dev
	for script in bench/contract/*.py; do echo "== $$script" && $(BIN)/python $$script || exit 1; done

# pip learned --group in 25.1
$(VENV)/.pip:
	python3 -m venv $(VENV)
	$(BIN)/pip install --quiet --upgrade 'pip>=25.1'
	touch $@

$(VENV)/.sandbox: $(VENV)/.pip pyproject.toml
	$(BIN)/pip install --quiet --editable '.[sandbox]'
	touch $@

$(VENV)/.dev: $(VENV)/.sandbox pyproject.toml
	$(BIN)/pip install --quiet --editable '.[sandbox]' --group dev
	touch $@

clean:
	rm -rf $(VENV) $(DEMO) .sandbox
