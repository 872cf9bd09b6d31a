# shellcheck shell=bash
# Finds what a run of the tests left behind. Source it, call gatun_mark_processes before and gatun_leftovers after.

# Whatever is started from here on carries the mark in its environment, whichever session or namespace it enters.
gatun_mark_processes() {
  GATUN_TEST_RUN="$$-$(date +%s%N)"
  export GATUN_TEST_RUN
}

# Prints what is left and fails when there is something. Waits a moment for what is about to end.
gatun_leftovers() {
  local left='' tries
  for tries in 1 2 3 4 5 6 7 8 9 10; do
    left="$(gatun_left_processes)$(gatun_left_namespaces)"
    [[ -n $left ]] || return 0
    ((tries == 10)) || sleep 0.5
  done
  printf 'left behind:\n%s\n' "$left"
  return 1
}

gatun_left_processes() {
  local mark=$GATUN_TEST_RUN directory pid
  for directory in $(env -u GATUN_TEST_RUN grep -lzsx "GATUN_TEST_RUN=$mark" /proc/[0-9]*/environ); do
    pid=${directory//[!0-9]/}
    printf '  process %s: %s\n' "$pid" "$(tr '\0' ' ' 2>/dev/null <"/proc/$pid/cmdline" | cut -c1-160)"
  done
}

# Namespaces gatun-ID-HOST of labs that nobody owns. A lab with a living owner, or one that was kept, is somebody else's.
gatun_left_namespaces() {
  local name id record word pid start rest
  for name in /run/netns/gatun-*; do
    [[ -e $name ]] || continue
    name=${name##*/}
    id=${name#gatun-}
    id=${id%%-*}
    record=/run/gatun-lab/$id
    if [[ -f $record ]]; then
      read -r word pid start rest <"$record" || true
      if grep -qx kept "$record" || { [[ $word == owner ]] && gatun_is_alive "$pid" "$start"; }; then
        continue
      fi
    fi
    printf '  namespace %s: ip netns del %s\n' "$name" "$name"
  done
}

# Whether the process is there and was started at that tick of the clock: numbers are used again.
gatun_is_alive() {
  local stat fields
  stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 1
  read -ra fields <<<"${stat##*) }"
  [[ ${fields[19]} == "$2" ]]
}
