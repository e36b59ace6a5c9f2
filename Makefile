# Python 3.11 to 3.13 and make are all that must be there; each target installs the rest into .venv on first use.

PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python

READY := $(VENV)/.ready
COURSE := $(VENV)/.installed-course
DEV := $(VENV)/.installed-dev
COLAB_VENV := .venv-colab
COLAB := $(COLAB_VENV)/.installed
COLAB_PYTHON ?= $(shell for each in python3.13 $(HOME)/.pyenv/versions/3.13.*/bin/python; do \
	$$each --version >/dev/null 2>&1 && { echo $$each; break; }; done)
# What students' computers run; the packages there are older than ours and warn of their own age. Left out is what needs nbgrader
# or the metrics' reference, scikit-learn; sockets that jupyter_client there leaves to the garbage collector are no news.
TESTS_ON_COLAB := tests/core tests/quizzes tests/data tests/ml tests/plotting tests/checks/test_answers.py \
	$(addprefix --ignore=tests/,quizzes/test_graded_quiz.py data/test_xrays.py plotting/test_import_plotting.py \
	ml/test_metrics.py ml/test_classification.py ml/test_scoring.py)
PIP := $(RUN) -m pip --disable-pip-version-check -qq install

LAB_SESSION := $(or $(SESSION),SE05)
LAB_NOTEBOOK = my-notebooks/$(LAB_SESSION)/$(notdir $(firstword $(wildcard notebooks/$(LAB_SESSION)/*.ipynb)))

# One more than there are processors: many tests wait for a kernel, a browser or a time limit.
TESTS_AT_ONCE = $(shell $(RUN) -c 'import os; print(os.cpu_count() + 1)')

# Tests and grading never look for the network.
OFFLINE := NO_ALBUMENTATIONS_UPDATE=1

.DEFAULT_GOAL := help
.PHONY: help demo lab test test-colab check format build grade bench mutants clean

help: ## List the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | while IFS='|' read -r name text; do \
		printf '%-17s %s\n' "$$name" "$$text"; done

demo: $(COURSE) ## Make a class of five submissions for each session, grade it and show the result
	@for session in $(or $(SESSION),SE05 SE06); do \
		$(OFFLINE) $(RUN) -m utils.grading.demo --session $$session --out build/demo/$$session || exit 1; done

# Students work on a copy, so that an update of the course never meets their answers; one that is there is kept.
# .jupyter keeps JupyterLab from asking about news, and hides nbgrader's buttons, which are for instructors.
lab: $(COURSE) ## Open a session's notebook in JupyterLab: make lab [SESSION=SE05]
	@test -d notebooks/$(LAB_SESSION) || { \
		echo 'There is no session $(LAB_SESSION); there are $(notdir $(wildcard notebooks/*)).' >&2; exit 2; }
	@mkdir -p my-notebooks/$(LAB_SESSION)
	@for notebook in notebooks/$(LAB_SESSION)/*.ipynb; do \
		mine=my-notebooks/$(LAB_SESSION)/$${notebook##*/}; test -e "$$mine" || cp "$$notebook" "$$mine"; done
	@echo 'Your notebook: $(LAB_NOTEBOOK). It opens in your browser; if not, click a link below. Stop with Ctrl+C.'
	@JUPYTER_CONFIG_PATH=$(CURDIR)/.jupyter $(VENV)/bin/jupyter lab --LabApp.default_url=/lab/tree/$(LAB_NOTEBOOK) $(LAB_OPTIONS)

test: check ## Check, then run every test
	@$(OFFLINE) OMP_NUM_THREADS=1 $(RUN) -m pytest -n $(TESTS_AT_ONCE) --dist loadfile

test-colab: $(DEV) $(COLAB) ## Run the notebooks and the checks' tests in an environment like Colab's (5 GB, Python 3.13)
	@$(OFFLINE) OMP_NUM_THREADS=1 $(RUN) -m pytest tests/colab
	@$(OFFLINE) OMP_NUM_THREADS=1 $(COLAB_VENV)/bin/python -m pytest -p no:cacheprovider \
		-W ignore::DeprecationWarning -W ignore::ResourceWarning $(TESTS_ON_COLAB)

check: $(DEV) ## Check style and that generated files are what their sources give; changes nothing
	@$(RUN) -m ruff check
	@$(RUN) -m ruff format --check
	@$(RUN) -m utils.course build --check
	@$(RUN) -m figs.build --check

format: $(DEV) ## Put the code into shape
	@$(RUN) -m ruff check --fix
	@$(RUN) -m ruff format

build: $(DEV) ## Draw the figures and write the notebooks from their sources
	@$(RUN) -m figs.build
	@$(RUN) -m utils.course build

grade: $(COURSE) ## Grade a class: make grade SESSION=SE05 SUBMITTED=path [OUT=folder] [DUE=time] [WORKERS=n]
	@test -n "$(SESSION)" && test -n "$(SUBMITTED)" || { \
		echo 'Usage: make grade SESSION=SE05 SUBMITTED=path [OUT=folder] [DUE=2026-11-20T18:00] [WORKERS=n] [MORE=--regrade]' >&2; \
		echo 'The path is a folder or a zip, as nbgrader, Moodle or Canvas lay it out; OUT is grades/SE05 unless given.' >&2; exit 2; }
	@$(OFFLINE) $(RUN) -m utils.grading "$(SESSION)" --submitted "$(SUBMITTED)" --out "$(or $(OUT),grades/$(SESSION))" \
		$(if $(DUE),--due "$(DUE)") $(if $(WORKERS),--workers "$(WORKERS)") $(MORE)

bench: $(DEV) ## Print one table of ratios: imports, checks, training, data, grading
	@$(OFFLINE) $(RUN) -m tests.bench

mutants: $(DEV) ## Replay wrong answers and count which the checks catch
	@$(OFFLINE) $(RUN) -m tests.mutants

clean: ## Remove caches and build/; grades, data and .venv stay
	@rm -rf build .pytest_cache .ruff_cache
	@find . -name .venv -prune -o -name __pycache__ -type d -prune -exec rm -rf {} +
	@echo 'Removed caches and build/. Still there, if you have them: .venv, data, grades, submitted, gradebook.db.'

# A stamp is removed before pip starts and comes back when pip is done, so that an interrupted install starts anew.

$(READY):
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null || { \
		echo "This course needs Python 3.11, 3.12 or 3.13; '$(PYTHON)' is $$($(PYTHON) --version 2>&1 || true)." >&2; \
		echo 'Name another one, for example: make demo PYTHON=python3.12' >&2; exit 1; }
	@$(RUN) -m pip --version >/dev/null 2>&1 || { \
		echo 'Making a virtual environment in $(VENV) (a few seconds).'; \
		$(PYTHON) -m venv --clear $(VENV) || { \
			echo 'Python cannot make virtual environments here; on Debian and Ubuntu: apt-get install python3-venv' >&2; \
			rm -rf $(VENV); exit 1; }; }
	@$(RUN) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' || { \
		echo 'The environment in $(VENV) has another Python than 3.11 to 3.13; remove $(VENV) and try again.' >&2; exit 1; }
	@touch $@

$(COURSE): requirements.txt | $(READY)
	@rm -f $@
	@echo 'Installing what the course needs into $(VENV): PyTorch is large, this takes one to five minutes.'
	@$(PIP) -r requirements.txt
	@touch $@

$(DEV): tests/requirements.txt $(COURSE)
	@rm -f $@
	@echo 'Installing what authors and developers need into $(VENV): up to a minute.'
	@$(PIP) -r tests/requirements.txt
	@touch $@

$(COLAB): tests/colab/requirements.txt
	@$(COLAB_PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 13))' 2>/dev/null || { \
		echo 'Colab runs Python 3.13, which is not here. Install it, or name it: make test-colab COLAB_PYTHON=path' >&2; exit 1; }
	@rm -f $@
	@echo "Installing Colab's packages into $(COLAB_VENV): two to five minutes."
	@$(COLAB_PYTHON) -m venv --clear $(COLAB_VENV)
	@$(COLAB_VENV)/bin/python -m pip --disable-pip-version-check -qq install -r $<
	@touch $@
