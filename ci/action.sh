#!/usr/bin/env bash
# What the action runs: the inputs, which are in the environment, become a command line of `plimsoll check`. Words are split
# as a shell splits them, quotes and all, but nothing is expanded: patterns are plimsoll's, and `$(…)` is text.
set -euo pipefail

# The words of a text, one a line.
words() {
  printf '%s\n' "$1" | xargs -r -n1 printf '%s\n'
}

line=(check)
if [ -n "${MODE:-}" ]; then line+=(--mode "$MODE"); fi
if [ -n "${FAIL_ON:-}" ]; then line+=(--fail-on "$FAIL_ON"); fi
if [ -n "${SINCE:-}" ]; then line+=(--since "$SINCE"); fi
if [ -n "${OUTPUT:-}" ]; then
  line+=(--format "${FORMAT:-github}=$OUTPUT" --format human)
else
  line+=(--format "${FORMAT:-github}")
fi
if [ "${SARIF:-false}" = true ]; then
  sarif="${RUNNER_TEMP:-/tmp}/plimsoll.sarif"
  line+=(--format "sarif=$sarif")
  echo "sarif=$sarif" >> "${GITHUB_OUTPUT:-/dev/null}"
fi
summary=""
if [ "${SUMMARY:-true}" = true ] && [ -n "${GITHUB_STEP_SUMMARY:-}" ]; then
  summary="$(mktemp)"
  line+=(--format "markdown=$summary")
fi
while IFS= read -r word; do line+=("$word"); done < <(words "${ARGS:-}")
line+=(--)
while IFS= read -r word; do line+=("$word"); done < <(words "${CHARTS:-.}")

code=0
plimsoll "${line[@]}" || code=$?
# GitHub takes 1 MiB of a step.
if [ -n "$summary" ]; then head -c 1000000 "$summary" >> "$GITHUB_STEP_SUMMARY"; fi
exit "$code"
