#!/usr/bin/env bash
# What the grader does, shown on real submissions.  Every line that starts with $ is a real command.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
grade=${GRADE:-$root/.venv/bin/grade}
export GRADE_COURSE=$root

desk=$(mktemp -d)
trap 'rm -rf "$desk"' EXIT
cd "$desk"
export GRADE_STATE=$desk/.state GRADE_CACHE=${GRADE_CACHE:-$desk/.cache}

say() { printf '\n\n######## %s\n' "$*"; }

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

# hand_in CODE EXERCISE NAME: grade a submission that is kept under tests/golden.
hand_in() {
  cp "$root/tests/golden/$2/$3" "$2.${3##*.}"
  say "$2: $3"
  expect "$1" submit "$2.${3##*.}"
}

say "The course, and a starter; handed in as it is, there is nothing to grade"
expect 0 list
expect 0 start ex4
expect 4 submit ex4.py

say "The first submission of an exercise prepares its hidden cases; this takes a moment, once"
hand_in 0 ex4 right_sgd.py
hand_in 1 ex4 wrong_zero_never.py
hand_in 1 ex4 wrong_uphill.py
hand_in 1 ex4 wrong_zero_between.py
hand_in 1 ex4 wrong_loss_sum.py
hand_in 1 ex4 wrong_zero_not_called.py
hand_in 1 ex4 error_endless.py
hand_in 1 ex4 wrong_zero_never.ipynb
expect 0 hint ex4.py

for folder in "$root"/tests/golden/ex[12356]; do
  for file in "$folder"/wrong_*.py; do break; done
  hand_in 1 "$(basename "$folder")" "$(basename "$file")"
done

say "An author proves that an exercise tells right from wrong"
expect 0 check ex4 --verbose

say "A class, one folder a student: graded once, kept in a gradebook, never graded twice"
for who in ada:right_sgd bob:wrong_zero_never cyd:wrong_uphill; do
  mkdir -p "class/${who%:*}"
  cp "$root/tests/golden/ex4/${who#*:}.py" "class/${who%:*}/ex4.py"
done
expect 0 batch class --dry-run
expect 0 batch class
expect 0 batch class
expect 0 book show --exercise ex4
expect 0 book override cyd ex4 6 --reason "explained it at the board"
expect 0 book export

say "The same report as a page"
mkdir -p "$root/build"
expect 1 submit "$root/tests/golden/ex4/wrong_zero_never.py" --format html --output "$root/build/report.html"
