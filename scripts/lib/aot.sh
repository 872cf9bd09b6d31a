# shellcheck shell=bash
# Class path and AOT cache (JEP 514, JDK 25) of the daemon: docs/adr/0025-warm-start.md. Source it after jdk.sh.

GATUN_AOT_JAVA_MIN=25

# Prints the class path of the daemon, jars only: a cache takes no classes from directories. Argument: the tree's root.
gatun_class_path() {
  local jar class_path=''
  for jar in "$1"/api/target/gatun-api-*.jar "$1"/api/target/lib/*.jar; do
    class_path+=:$jar
  done
  echo "${class_path#:}"
}

# Prints where the cache for the JDK in JAVA_HOME is. Argument: the tree's root.
gatun_aot_file() {
  echo "$1/api/target/gatun-${JAVA_HOME##*/}.aot"
}

# Whether there is a cache that was made after the JDK and the jars. The JVM itself compares more closely.
gatun_aot_fits() {
  local cache newer
  cache=$(gatun_aot_file "$1")
  [[ -s $cache && ! $JAVA_HOME/release -nt $cache ]] || return 1
  newer=$(find "$1"/api/target/gatun-api-*.jar "$1"/api/target/lib -name '*.jar' -newer "$cache" -print -quit)
  [[ -z $newer ]]
}

# Makes the cache unless it fits, from a run in network and mount namespaces of its own. Argument: the tree's root.
gatun_aot_make() {
  local root=$1
  (($(gatun_java_version "$JAVA_HOME") >= GATUN_AOT_JAVA_MIN)) || return 0
  gatun_aot_fits "$root" && return 0
  if ((EUID != 0)); then
    echo "to let gatun start faster, run scripts/build once more as root: it then makes an AOT cache"
    return 0
  fi
  (
    run=$(mktemp -d "${TMPDIR:-/tmp}/gatun-aot.XXXXXX")
    trap 'rm -rf "$run"' EXIT
    echo "making an AOT cache, with which gatun starts faster"
    # shellcheck disable=SC2016 # expanded by the inner shell
    if unshare --net --mount bash -c 'source "$1" && gatun_aot_train "$2" "$3"' _ \
      "$root/scripts/lib/aot.sh" "$root" "$run" >"$root/target/aot.log" 2>&1; then
      mv "$run/cache" "$(gatun_aot_file "$root")"
    else
      echo "no AOT cache could be made, gatun starts without: see $root/target/aot.log"
    fi
  )
}

# A run from the start to the end, with VRRP and a rule. Arguments: the tree's root, a directory for what it leaves.
gatun_aot_train() {
  local root=$1 run=$2 java tries
  set -euo pipefail
  mount -t sysfs sysfs /sys
  ip link add eth0 type veth peer name peer0
  ip address add 192.0.2.5/24 dev eth0
  ip link set lo up
  ip link set eth0 up
  ip link set peer0 up
  "$JAVA_HOME/bin/java" "@$root/scripts/jvm.flags" "@$root/scripts/run.flags" "-XX:AOTCacheOutput=$run/cache" -Xlog:aot=error \
    -cp "$(gatun_class_path "$root")" io.gatun.api.cli.Gatun run --interface=eth0 --api=127.0.0.1:11111 \
    --vrid=1 --run-dir="$run/run" --state-dir="$run/state" >"$run/out" 2>&1 &
  java=$!
  for ((tries = 0; tries < 600; tries++)); do
    if grep -q '^ready ' "$run/out" || ! kill -0 "$java"; then
      break
    fi
    sleep 0.1
  done
  "$root/scripts/gatun" create lb 192.0.2.200 --tcp=80:8080 --endpoints=192.0.2.11:1 --mode=onearm
  "$root/scripts/gatun" get lb
  kill "$java"
  wait "$java"
  cat "$run/out"
  [[ -s $run/cache ]]
}
