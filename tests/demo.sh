#!/usr/bin/env bash
# What the grader does, shown on real submissions.  Every line that starts with $ is a real command.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
grade=${GRADE:-$root/.venv/bin/grade}
export GRADE_COURSE=$root

desk=$(mktemp -d)
trap 'rm -rf "$desk"' EXIT
cd "$desk"
export XDG_DATA_HOME=$desk/.data XDG_STATE_HOME=$desk/.state XDG_CACHE_HOME=$desk/.cache

say() { printf '\n# %s\n' "$*"; }

# expect CODE ARGUMENTS…: run `grade ARGUMENTS…` and stop if it does not exit with CODE.
expect() {
  local want=$1 got=0
  shift
  printf '\n$ grade %s\n' "$*"
  "$grade" "$@" || got=$?
  if [ "$got" -ne "$want" ]; then
    printf 'demo: grade %s: exit code %s, not %s\n' "$*" "$got" "$want" >&2
    exit 1
  fi
}

say "The course"
expect 0 list

say "A student starts an exercise, as a script and as a notebook"
expect 0 start ex4
expect 0 start ex4 --notebook

say "Handed in as it is: nothing to grade, and no attempt used up"
expect 1 submit ex4.py

for folder in "$root"/tests/golden/*/; do
  exercise=$(basename "$folder")
  for file in "$folder"right_*.py; do break; done
  say "$exercise, right"
  cp "$file" "$exercise.py"
  expect 0 submit "$exercise.py"
  for file in "$folder"wrong_*.py; do break; done
  say "$exercise, wrong: $(basename "$file" .py)"
  cp "$file" "$exercise.py"
  expect 1 submit "$exercise.py"
done

say "An author proves that the exercises are sound"
expect 0 check
