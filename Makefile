# `make help` lists the targets. `report` and `test` set everything up by themselves.
PYTHON ?= python3
VARIABLES = PYTHON PERIOD INPUT OUTPUT DRAFT FORM NOSEAL PDF ZIP NUMBER_FROM TEMPLATE ANNOTATE FILE
# What somebody writes into a variable is given on through the environment as it stands: neither make nor a shell reads it.
$(foreach name,$(VARIABLES),$(eval override $(name) := $$(value $(name))))
export $(VARIABLES)
RUN = .venv/bin/python -m pipeline

.PHONY: help report next pdf check check-form blank guide example golden test test-fast lint bench requirements
.DEFAULT_GOAL := help

help:  ## 列出各个命令
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /make \1\t/'

report: .venv/ready  ## 生成文书：make report [PERIOD=2024-03|2024Q1|2024H1|2024] [INPUT=input] [OUTPUT=output] [DRAFT=1] [FORM=信函] [NOSEAL=1] [PDF=1] [ZIP=1] [NUMBER_FROM=36]
	@$(RUN) report "$${INPUT:-input}" --output="$${OUTPUT:-output}" $${PERIOD:+--period="$$PERIOD"} $${DRAFT:+--draft} $${FORM:+--form="$$FORM"} $${NOSEAL:+--no-seal} $${PDF:+--pdf} $${ZIP:+--zip} $${NUMBER_FROM:+--number-from="$$NUMBER_FROM"}

next: .venv/ready  ## 备好下个月的表，带出未销号的问题：make next [PERIOD=2024-04] [INPUT=input] [OUTPUT=output]
	@$(RUN) next "$${INPUT:-input}" --output="$${OUTPUT:-output}" $${PERIOD:+--period="$$PERIOD"}

pdf: override PDF := 1
pdf: report  ## 生成文书，同时生成 PDF（需要 LibreOffice），参数与 report 相同

check: .venv/ready  ## 检查模板：make check [TEMPLATE=改过的模板.docx] [ANNOTATE=放批注的文件夹]
	@$(RUN) check $${TEMPLATE:+"$$TEMPLATE"} $${ANNOTATE:+--annotate="$$ANNOTATE"}

check-form: .venv/ready  ## 按国家标准检查公文格式：make check-form FILE=文件.docx（不写则检查 output 里的全部文书）
	@$(RUN) check-form "$${FILE:-$${OUTPUT:-output}}"

blank: .venv/ready  ## 按表单定义重写 input_templates/excel 里的空白表
	@$(RUN) blank input_templates/excel

guide: .venv/ready  ## 重写 docs/填表指南.md 和 input_templates/变量说明.md
	@$(RUN) guide docs
	@$(RUN) variables input_templates --example input/2023-08

example: .venv/ready  ## 由 tests/example 的文本数据重建示例月份 input/2023-08
	@.venv/bin/python -m tests.example.build

golden: .venv/tested  ## 重写 tests/golden 里各文书的全文（重写后请逐行看差别）
	@.venv/bin/python -m tests.test_golden

test: .venv/tested  ## 运行全部测试
	@.venv/bin/python -m pytest -n auto --dist loadfile --no-loadscope-reorder

test-fast: .venv/tested  ## 只运行较快的测试（不反复生成整月文书、不打印）
	@.venv/bin/python -m pytest -n auto --dist loadfile --no-loadscope-reorder -m "not slow"

lint: .venv/tested  ## 检查格式、类型和模块之间的引用方向
	@.venv/bin/ruff format --check . && .venv/bin/ruff check . && .venv/bin/mypy && .venv/bin/lint-imports

bench: .venv/tested  ## 比较速度，结果写入 benchmarks/RESULTS.md（要用 npm 和网络安装同类软件）
	@.venv/bin/python -m benchmarks

requirements:  ## 更新 requirements/ 里带散列值的依赖清单（需要 uv）
	uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links -o requirements/run.txt
	uv pip compile pyproject.toml --extra cluster --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links -o requirements/cluster.txt
	uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links -o requirements/test.txt

.venv/ready: requirements/run.txt
	@$$PYTHON -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "需要 Python 3.11 或更高版本，当前为 %d.%d；请用 make PYTHON=python3.11 指定。" % sys.version_info[:2])'
	@test -x .venv/bin/python || $$PYTHON -m venv .venv
	@.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: -r $<
	@touch $@

.venv/tested: requirements/test.txt .venv/ready
	@.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: -r $<
	@touch $@
