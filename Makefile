# Thin aliases: bootstrap.py does the work and needs nothing before it.
.PHONY: run test slow check docs reference lock upgrade

run:
	python3 bootstrap.py run

test:
	python3 bootstrap.py test

slow:
	python3 bootstrap.py test -m slow

check:
	python3 bootstrap.py check

docs:
	python3 bootstrap.py docs

reference:
	.venv/bin/python tests/reference_pages.py > docs/reference/commands.md
	.venv/bin/python docs/generate.py

# The lock of the tests first; what runs is then held to the same versions.
COMPILE = .venv/bin/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" --extra build

lock:
	$(COMPILE) $(UPGRADE) --extra test --extra study --extra satellite --extra reference -o requirements-test.txt
	$(COMPILE) --constraint requirements-test.txt --no-annotate -o requirements.txt

upgrade:
	$(MAKE) lock UPGRADE=--upgrade
