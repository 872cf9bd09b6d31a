# shellcheck shell=bash
# Installs Debian packages by name when the commands they bring are missing. Source it, then call gatun_packages.

# Arguments: triples of a command (or, by its whole path, of another file), the package that brings it, and what it is for. Silent when nothing is missing.
gatun_packages() {
  local command package purpose missing=()
  PATH=$PATH:/usr/sbin:/sbin
  while (($# > 0)); do
    command=$1 package=$2 purpose=$3
    shift 3
    if ! type -P "$command" >/dev/null && [[ $command != /* || ! -e $command ]]; then
      missing+=("$package")
      echo "installing the Debian package $package: $purpose"
    fi
  done
  ((${#missing[@]} > 0)) || return 0
  if ((EUID != 0)) || ! type -P apt-get >/dev/null; then
    echo "missing: ${missing[*]}; install them with your package manager, or run as root on Debian" >&2
    return 2
  fi
  gatun_apt_install "${missing[@]}" || {
    echo "apt-get could not install ${missing[*]}: see its message above" >&2
    return 2
  }
}

# Lists of packages are fetched only when those that are there do not do.
gatun_apt_install() {
  gatun_apt_try "$@" 2>/dev/null || { apt-get update -qq && gatun_apt_try "$@"; }
}

# Services of the packages (nginx has one) are neither started now nor at the next boot: only their programs are wanted.
gatun_apt_try() (
  policy=/usr/sbin/policy-rc.d
  if [[ ! -e $policy ]]; then
    trap 'rm -f "$policy"' EXIT
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod 755 "$policy"
  fi
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null || exit
  for package in "$@"; do
    if [[ $package =~ ^(nginx|haproxy|bird) && -d /run/systemd/system ]]; then
      systemctl disable "${BASH_REMATCH[1]}.service" >/dev/null 2>&1 || true
    fi
  done
)
