# shellcheck shell=bash
# Finds a JDK that Gatun can use. Source it, then call gatun_java: it sets JAVA_HOME or fails with one sentence.

GATUN_JAVA_MIN=22

# Prints the feature version of the JDK in a directory (17, 22, 25, ...), or 0 when there is none.
gatun_java_version() {
  local home=$1 line
  [[ -x $home/bin/java ]] || { echo 0; return; }
  if [[ -r $home/release ]]; then
    line=$(grep -m1 '^JAVA_VERSION=' "$home/release" || true)
  else
    line=$("$home/bin/java" -XshowSettings:properties -version 2>&1 | grep -m1 'java.specification.version' || true)
  fi
  if [[ $line =~ ([0-9]+) ]]; then
    echo "${BASH_REMATCH[1]}"
  else
    echo 0
  fi
}

# Sets and exports JAVA_HOME: the one of the environment when it is new enough, else the newest of /usr/lib/jvm and PATH.
gatun_java() {
  local best=0 best_home='' home version on_path
  if [[ -n ${JAVA_HOME:-} ]] && (($(gatun_java_version "$JAVA_HOME") >= GATUN_JAVA_MIN)); then
    export JAVA_HOME
    return 0
  fi
  on_path=$(command -v java || true)
  if [[ -n $on_path ]]; then
    on_path=$(readlink -f "$on_path")
    on_path=${on_path%/bin/java}
  fi
  for home in /usr/lib/jvm/* ${on_path:+"$on_path"}; do
    version=$(gatun_java_version "$home")
    if ((version > best)); then
      best=$version
      best_home=$home
    fi
  done
  if ((best < GATUN_JAVA_MIN)); then
    local found=''
    ((best == 0)) || found=" (the newest found is $best in $best_home)"
    echo "gatun needs a JDK of version $GATUN_JAVA_MIN or newer$found: install one, such as the Debian package" \
      "openjdk-25-jdk-headless or temurin-25-jdk of adoptium.net, or set JAVA_HOME" >&2
    return 2
  fi
  export JAVA_HOME=$best_home
}
