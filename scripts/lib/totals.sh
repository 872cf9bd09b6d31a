# shellcheck shell=bash
# Adds up surefire's reports. Source it, then call gatun_totals.

# Argument: the root of the source tree. Sets TESTS_RUN, _PASSED, _FAILED, _SKIPPED and _SKIPPED_CLASSES.
gatun_totals() {
  local root=$1 report head tests errors failures skipped
  TESTS_RUN=0 TESTS_FAILED=0 TESTS_SKIPPED=0 TESTS_SKIPPED_CLASSES=''
  for report in "$root"/*/target/surefire-reports/TEST-*.xml; do
    [[ -f $report ]] || continue
    # The attributes of the root element, which may stand on several lines.
    head=$(sed -n '/<testsuite /,/>/{p;/>/q}' "$report" | tr '\n' ' ')
    tests=$(gatun_attribute tests "$head")
    errors=$(gatun_attribute errors "$head")
    failures=$(gatun_attribute failures "$head")
    skipped=$(gatun_attribute skipped "$head")
    TESTS_RUN=$((TESTS_RUN + tests))
    TESTS_FAILED=$((TESTS_FAILED + errors + failures))
    TESTS_SKIPPED=$((TESTS_SKIPPED + skipped))
    if ((skipped > 0)); then
      head=${head#* name=\"}
      head=${head%%\"*}
      TESTS_SKIPPED_CLASSES+="${TESTS_SKIPPED_CLASSES:+, }${head##*.}"
    fi
  done
  # shellcheck disable=SC2034 # for the caller
  TESTS_PASSED=$((TESTS_RUN - TESTS_FAILED - TESTS_SKIPPED))
}

# Prints the number of an attribute of an XML element, 0 when it has none.
gatun_attribute() {
  local name=$1 element=$2
  if [[ $element =~ [[:space:]]$name=\"([0-9]+)\" ]]; then
    echo "${BASH_REMATCH[1]}"
  else
    echo 0
  fi
}
