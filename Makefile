# Every path here is relative: make splits absolute ones at their spaces. Tools are run as
# `.venv/bin/python -m tool`, because a script's first line cannot hold a path with spaces.

PYTHON ?= python3
BIN = .venv/bin/python

.DEFAULT_GOAL := help
.PHONY: help env packages run test lint format bench bench-fraud bench-ledger bench-search clean

help:  ## Show this help
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 22
	@echo
	@echo "  PORT=8000  SIMULATOR_PORT=8001  VAR_DIR=var  DATABASE_URL=  REDIS_URL=  ARGS=(pytest)"

run: env  ## Run everything on this machine: http://127.0.0.1:8000 (Ctrl-C stops it)
	@echo "[1/6] 依赖已就绪"
	@exec $(BIN) -m devtools.run --stop-with-parent

test: env  ## Run linters, import contracts and all tests on real PostgreSQL and Redis
	@echo "[1/6] 依赖已就绪"
	@echo "[2/6] 代码检查……"
	@$(BIN) -m ruff check --quiet .
	@echo "[3/6] 格式检查……"
	@$(BIN) -m ruff format --quiet --check .
	@echo "[4/6] 分层约定……"
	@$(BIN) -c 'from importlinter.cli import lint_imports_command as c; c()' --no-cache
	@echo "[5/6] 前端检查……"
	@$(BIN) -m devtools.console check > .venv/console-check.log 2>&1 & console=$$!; \
	$(BIN) -m devtools.miniprogram check; miniprogram=$$?; \
	wait $$console; console=$$?; cat .venv/console-check.log; exit $$((console + miniprogram))
	@echo "[6/6] 测试……"
	@$(BIN) -m pytest -n auto --dist loadfile --no-loadscope-reorder $(ARGS)

lint: env  ## Run linters and import contracts only
	@$(BIN) -m ruff check .
	@$(BIN) -m ruff format --check .
	@$(BIN) -c 'from importlinter.cli import lint_imports_command as c; c()' --no-cache
	@$(BIN) -m devtools.console check
	@$(BIN) -m devtools.miniprogram check

format: env  ## Format the code
	@$(BIN) -m ruff check --fix-only --quiet .
	@$(BIN) -m ruff format .
	@$(BIN) -m devtools.console format
	@$(BIN) -m devtools.miniprogram format

bench: env  ## Measure how fast this machine serves
	@$(BIN) -m bench

bench-fraud: env  ## Measure how well farmed votes are told from honest ones
	@$(BIN) -m bench.fraud

bench-ledger: env  ## Measure what sealing and verifying a million ballots costs
	@$(BIN) -m bench.ledger

bench-search: env  ## Measure how well and how fast health knowledge is found
	@$(BIN) -m bench.search

clean:  ## Remove the environment and caches; data in var/ stays
	@rm -rf .venv .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	@rm -rf console/node_modules console/dist console/dist.new
	@rm -rf miniprogram/node_modules miniprogram/dist miniprogram/tools/*/node_modules
	@find . -name __pycache__ -type d -not -path './node_modules/*' -prune -exec rm -rf {} +

# .venv/installed names what was installed and for which Python; .venv/unfinished exists while an
# installation runs, so that one cut short is made anew. pip's output goes to .venv/pip.log, npm's to
# .venv/npm-*.log.
env: packages
	@$(BIN) -m devtools.console build
	@$(BIN) -m devtools.miniprogram build

packages:
	@command -v "$(PYTHON)" >/dev/null || { echo "✗ 找不到 $(PYTHON)；请安装 Python 3.11 或更新版本，或用 PYTHON=… 指定。" >&2; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "✗ 需要 Python 3.11 或更新版本，现在是 $$("$(PYTHON)" -V 2>&1)；请用 PYTHON=… 指定。" >&2; exit 1; }
	@wanted="$$(cat requirements.txt requirements-dev.txt | cksum) $$($(BIN) -V 2>/dev/null)"; \
	[ "$$wanted" = "$$(cat .venv/installed 2>/dev/null)" ] && [ ! -e .venv/unfinished ] && exit 0; \
	if [ -e .venv/unfinished ] || ! $(BIN) -m pip --version >/dev/null 2>&1; then \
	    "$(PYTHON)" -c 'import venv, ensurepip' 2>/dev/null || { echo "✗ 这个 Python 缺少 venv；Debian/Ubuntu 请运行：apt-get install python3-venv" >&2; exit 1; }; \
	    echo "创建 Python 环境 .venv……"; \
	    "$(PYTHON)" -m venv --clear .venv || { echo "✗ 无法创建 .venv，原因见上。" >&2; exit 1; }; \
	fi; \
	: > .venv/unfinished; \
	printf '安装依赖（首次约一分钟）'; \
	$(BIN) -m pip install --disable-pip-version-check -r requirements-dev.txt > .venv/pip.log 2>&1 & pip=$$!; \
	trap 'kill $$pip 2>/dev/null' EXIT; trap 'exit 130' INT TERM HUP; \
	while kill -0 $$pip 2>/dev/null; do printf '.'; sleep 1; done; echo; \
	wait $$pip || { tail -n 5 .venv/pip.log >&2; echo "✗ 安装依赖失败，完整日志在 .venv/pip.log；请检查网络或 PIP_INDEX_URL 后重试。" >&2; exit 1; }; \
	echo "$$(cat requirements.txt requirements-dev.txt | cksum) $$($(BIN) -V)" > .venv/installed; \
	rm .venv/unfinished
