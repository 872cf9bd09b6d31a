# shellcheck shell=bash
# Builds Gatun when its sources are newer than what was built. Source it after jdk.sh, then call gatun_build.

# Argument: the root of the source tree. JAVA_HOME must be set.
gatun_build() {
  local root=$1
  mkdir -p "$root/target"
  # Two builds at once would write the same files; the second finds the work done.
  (
    flock 9
    gatun_build_locked "$root" "$root/target/build-stamp"
  ) 9>"$root/target/build.lock"
}

gatun_build_locked() {
  local root=$1 stamp=$2
  if gatun_is_built "$root" "$stamp"; then
    return 0
  fi
  echo "building Gatun with the JDK in $JAVA_HOME (the first time Maven fetches itself and libraries, which takes minutes)"
  # The moment before the build counts: what is edited during it is newer.
  touch "$stamp.begun"
  # To run, not to be checked: format, imports and tests are scripts/test's business.
  (cd "$root" && ./mvnw -q -Dmaven.test.skip=true -Dspotless.check.skip=true -Dcheckstyle.skip=true package) || {
    echo "the build failed: see the message above; ./mvnw package -DskipTests shows warnings too" >&2
    return 1
  }
  mv "$stamp.begun" "$stamp"
}

gatun_is_built() {
  local root=$1 stamp=$2 module newer
  [[ -f $stamp && -d $root/api/target/lib && -n $(compgen -G "$root/api/target/gatun-api-*.jar") ]] || return 1
  for module in lab forwarder ha api kube bench; do
    [[ -d $root/$module/target/classes/io/gatun ]] || return 1
  done
  newer=$(find "$root"/pom.xml "$root"/.mvn "$root"/*/pom.xml "$root"/*/src/main "$root"/*/src/build \
    -type f -newer "$stamp" -print -quit 2>/dev/null || true)
  [[ -z $newer ]]
}
