# What can be done here; `make` lists it. Plain POSIX make; the steps that need more are in tools/.
.POSIX:
.PHONY: help run ocr cluster test lint types imports docs lock vendor messages eval fuzz clean

SERVE = 1
WORKERS = 2
LETTERS = ../shared/letters
EVAL =
MINUTES = 10
BIN = .venv/bin
UV_COMPILE = $(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-annotate -q --custom-compile-command "make lock"

help: ## List what can be done
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile

run: .venv/run.stamp ## Set up, run the Dương Kinh example from letter to report, serve it (SERVE=0: do not serve)
	@if [ "$(SERVE)" = 0 ]; then $(BIN)/lantoa demo --no-serve; else $(BIN)/lantoa demo; fi

ocr: .venv/ocr.stamp ## Read scans and photographs too (with Debian's tesseract-ocr-script-viet)

cluster: .venv/cluster.stamp ## PostgreSQL, and many machines with Celery on RabbitMQ (docs/cluster.md)

test: .venv/dev.stamp ## All that CI checks: lint, types, imports, structure, tests (WORKERS=2)
	@BIN=$(BIN) WORKERS=$(WORKERS) tools/check.sh lint types imports tests

lint: .venv/dev.stamp ## ruff, all rules
	@BIN=$(BIN) tools/check.sh lint

types: .venv/dev.stamp ## mypy --strict
	@BIN=$(BIN) tools/check.sh types

imports: .venv/dev.stamp ## A room imports only the rooms above it
	@BIN=$(BIN) tools/check.sh imports

docs: .venv/dev.stamp ## Write docs/cli.md anew from the commands' own help
	$(BIN)/python tools/write_cli_page.py

eval: .venv/dev.stamp ## Score the reader on letters read by hand: make eval LETTERS=folder of NAME.txt + NAME.json
	@test -d "$(LETTERS)" || { echo "No folder $(LETTERS): say where the letters are, make eval LETTERS=folder" >&2; exit 2; }
	$(BIN)/python tools/evaluate.py "$(LETTERS)" $(EVAL)

fuzz: .venv/dev.stamp ## Break files of every format on purpose for some minutes: make fuzz MINUTES=10
	$(BIN)/python tools/fuzz.py --minutes $(MINUTES)

lock: .venv/dev.stamp ## Choose versions anew and pin them by hash
	$(UV_COMPILE) --group build -o requirements.lock
	$(UV_COMPILE) --group build --extra ocr -c requirements.lock -o requirements-ocr.lock
	$(UV_COMPILE) --group build --extra cluster -c requirements.lock -o requirements-cluster.lock
	$(UV_COMPILE) --group build --group dev --extra ocr --extra cluster -c requirements-ocr.lock \
		-c requirements-cluster.lock -o requirements-dev.lock

vendor: .venv/dev.stamp ## Fetch the fonts and front-end files of tools/vendor.toml (needs npm)
	$(BIN)/python tools/vendor.py

messages: .venv/dev.stamp ## Collect and compile the interface's translations (needs gettext)
	cd lantoa/web && ../../$(BIN)/django-admin makemessages --locale en --no-location \
		&& ../../$(BIN)/django-admin compilemessages

clean: ## Remove the environment and all caches; the data in var/ stay
	rm -rf .venv .mypy_cache .ruff_cache .import_linter_cache .hypothesis lantoa.egg-info build
	find lantoa tests tools -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/run.stamp: requirements.lock pyproject.toml tools/environment.sh
	@tools/environment.sh run requirements.lock

.venv/ocr.stamp: requirements-ocr.lock pyproject.toml tools/environment.sh
	@tools/environment.sh ocr requirements-ocr.lock

.venv/cluster.stamp: requirements-cluster.lock pyproject.toml tools/environment.sh
	@tools/environment.sh cluster requirements-cluster.lock

.venv/dev.stamp: requirements-dev.lock pyproject.toml tools/environment.sh
	@tools/environment.sh dev requirements-dev.lock
