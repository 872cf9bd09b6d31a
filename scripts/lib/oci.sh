# shellcheck shell=bash
# The parts of scripts/image: docs/adr/0033-container.md. Source it after jdk.sh.

# Of nobody else in an image without other users; the one that many images take for "not root".
GATUN_UID=65532
GATUN_CAPABILITIES=cap_net_admin,cap_net_raw,cap_bpf,cap_ipc_lock

# What the jars use of the JDK: jdk.compiler for Chronicle Map, which compiles classes at run time; jdk.unsupported for
# Agrona, Chronicle and Aeron; java.management and java.naming for logback and Jetty; java.net.http for the verbs and the
# controller; jdk.httpserver for what the controller shows of itself.
GATUN_MODULES=java.base,java.logging,java.management,java.management.rmi,java.naming,java.net.http,java.xml
GATUN_MODULES+=,jdk.compiler,jdk.httpserver,jdk.jfr,jdk.management,jdk.management.agent,jdk.net,jdk.unsupported,jdk.zipfs

# All files get this time: images of the same sources are the same, and the AOT cache knows the jars by it.
GATUN_TIME=@1767225600

# Prints the class path as it is in the image. Argument: the image's root.
gatun_image_class_path() {
  local jar class_path=''
  for jar in "$1"/opt/gatun/lib/*.jar; do
    class_path+=:/opt/gatun/lib/${jar##*/}
  done
  echo "${class_path#:}"
}

# Fills the root file system. Arguments: the source tree's root, the image's root, whether the controller comes in.
gatun_image_root() {
  local tree=$1 rootfs=$2 controller=$3 opt=$2/opt/gatun class_path jna
  jna=$(uname -m)
  jna=${jna/x86_64/x86-64}
  mkdir -p "$opt/lib" "$opt/native" "$opt/bin" "$rootfs"/{bin,dev,etc,proc,sys,tmp,run/gatun,var/lib/gatun,usr/bin}
  chmod 1777 "$rootfs/tmp"
  "$JAVA_HOME/bin/jlink" --add-modules "$GATUN_MODULES" --output "$opt/runtime" \
    --compress=zip-6 --no-header-files --no-man-pages --strip-java-debug-attributes
  cp "$opt/runtime/bin/java" "$opt/runtime/bin/java-plain"
  cp "$tree"/api/target/gatun-api-*.jar "$tree"/api/target/lib/*.jar "$opt/lib/"
  if $controller; then
    # A class path of its own: its libraries and those of the load balancer differ in versions.
    mkdir "$opt/lib/controller"
    cp "$tree"/kube/target/gatun-kube-*.jar "$tree"/kube/target/lib/*.jar "$opt/lib/controller/"
  fi
  # Only natives of this machine's kind, and unpacked: the root is read-only, and /tmp need not be executable.
  (cd "$opt/native" && "$JAVA_HOME/bin/jar" -xf "$opt"/lib/jffi-*-native.jar "jni/$(uname -m)-Linux")
  mv "$opt"/native/jni/*/*.so "$opt/native/"
  (cd "$opt/native" && "$JAVA_HOME/bin/jar" -xf "$opt"/lib/jna-[0-9]*.jar com/sun/jna/linux-"$jna")
  mv "$opt/native/com/sun/jna/linux-$jna"/*.so "$opt/native/"
  rm -r "$opt/native/jni" "$opt/native/com"
  cp "$tree/scripts/jvm.flags" "$tree/scripts/run.flags" "$opt/"
  printf '%s\n' -Djffi.boot.library.path=/opt/gatun/native -Djna.boot.library.path=/opt/gatun/native \
    -Djna.nounpack=true >>"$opt/jvm.flags"
  class_path=$(gatun_image_class_path "$rootfs")
  echo "-cp $class_path" >"$opt/class-path"
  # AOT and CDS archives that do not fit are left aside without a word.
  cat >"$opt/bin/gatun" <<'SCRIPT'
#!/bin/sh
# The daemon gets all flags; most client verbs open nothing inside the JDK and start sooner without. Only the daemon
# needs capabilities: a container that may have none cannot even start a program that carries some.
here=/opt/gatun
java=$here/runtime/bin/java-plain
case ${1:-} in
  run | detach)
    java=$here/runtime/bin/java
    set -- "@$here/jvm.flags" "@$here/run.flags" "@$here/class-path" io.gatun.api.cli.Gatun "$@"
    if [ -s $here/gatun.aot ]; then
      set -- -XX:AOTCache=$here/gatun.aot -Xlog:aot=off -Xlog:cds=off "$@"
    fi
    ;;
  controller)
    shift
    set -- -XX:+UseSerialGC -XX:-UsePerfData -Xmx256m -cp "$here/lib/controller/*" io.gatun.kube.ControllerCommand "$@"
    ;;
  stat)
    set -- "@$here/jvm.flags" -XX:TieredStopAtLevel=1 "@$here/class-path" io.gatun.api.cli.Gatun "$@"
    ;;
  *)
    set -- -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -XX:-UsePerfData "@$here/class-path" io.gatun.api.cli.Gatun "$@"
    ;;
esac
exec $java "$@"
SCRIPT
  chmod 755 "$opt/bin/gatun"
  ln -s /opt/gatun/bin/gatun "$rootfs/usr/bin/gatun"
  echo "gatun:x:$GATUN_UID:$GATUN_UID::/var/lib/gatun:/bin/sh" >"$rootfs/etc/passwd"
  echo "gatun:x:$GATUN_UID:" >"$rootfs/etc/group"
  gatun_image_libraries "$rootfs"
  find "$rootfs" -exec touch -h -d "$GATUN_TIME" {} +
  setcap "$GATUN_CAPABILITIES=ep" "$opt/runtime/bin/java"
}

# Copies a shell, and the shared libraries that it and the runtime need, from this Debian.
gatun_image_libraries() {
  local rootfs=$1 file
  install -m 755 "$(readlink -f "$(type -P dash)")" "$rootfs/bin/sh"
  find "$rootfs/bin/sh" "$rootfs/opt/gatun/runtime" "$rootfs/opt/gatun/native" -type f \
    \( -name '*.so*' -o -perm -u+x \) -exec ldd {} + 2>/dev/null |
    grep -oE '(=> )?/[^ ]+ \(0x' | grep -oE '/[^ ]+' | sort -u |
    while read -r file; do
      [[ $file == "$rootfs"* ]] || install -D -m 755 "$(readlink -f "$file")" "$rootfs$file"
    done
  # A program with capabilities on its file finds no library by its own place, but by the cache.
  echo /opt/gatun/runtime/lib >"$rootfs/etc/ld.so.conf"
  mkdir -p "$rootfs/var/cache/ldconfig"
  ldconfig -r "$rootfs" -f /etc/ld.so.conf
  rm -rf "$rootfs/var/cache"
}

# Makes the AOT cache by a run inside the image, in network and mount namespaces of its own. Argument: the image's root.
gatun_image_aot() {
  local rootfs=$1 log
  log=$(mktemp "${TMPDIR:-/tmp}/gatun-image-aot.XXXXXX")
  # shellcheck disable=SC2016 # expanded by the inner shell
  if unshare --net --mount --pid --fork bash -c 'source "$1" && gatun_image_train "$2"' _ \
    "${BASH_SOURCE[0]}" "$rootfs" >"$log" 2>&1; then
    touch -d "$GATUN_TIME" "$rootfs/opt/gatun/gatun.aot" "$rootfs/opt/gatun"
    chmod 644 "$rootfs/opt/gatun/gatun.aot"
    rm -f "$log"
  else
    tail -5 "$log"
    rm -f "$log" "$rootfs/opt/gatun/gatun.aot"
    return 1
  fi
}

gatun_image_train() {
  local rootfs=$1 java tries directory
  set -euo pipefail
  mount -t proc proc "$rootfs/proc"
  mount -t sysfs sysfs "$rootfs/sys"
  for directory in tmp run var/lib/gatun; do
    mount -t tmpfs tmpfs "$rootfs/$directory"
  done
  ip link add eth0 type veth peer name peer0
  ip address add 192.0.2.5/24 dev eth0
  ip link set lo up
  ip link set eth0 up
  ip link set peer0 up
  chroot "$rootfs" /opt/gatun/runtime/bin/java @/opt/gatun/jvm.flags @/opt/gatun/run.flags \
    -XX:AOTCacheOutput=/opt/gatun/gatun.aot -Xlog:aot=error @/opt/gatun/class-path io.gatun.api.cli.Gatun \
    run --interface=eth0 --api=127.0.0.1:11111 --vrid=1 >"$rootfs/tmp/out" 2>&1 &
  java=$!
  for ((tries = 0; tries < 600; tries++)); do
    if grep -q '^ready ' "$rootfs/tmp/out" || ! kill -0 "$java"; then
      break
    fi
    sleep 0.1
  done
  chroot "$rootfs" /usr/bin/gatun create lb 192.0.2.200 --tcp=80:8080 --endpoints=192.0.2.11:1 --mode=onearm
  chroot "$rootfs" /usr/bin/gatun get lb
  kill "$java"
  wait "$java"
  cat "$rootfs/tmp/out"
  [[ -s $rootfs/opt/gatun/gatun.aot ]]
}

# Writes config.json of the OCI runtime specification beside rootfs. The network namespace is that of who runs it.
gatun_image_bundle() {
  local list
  list=$(printf '"%s",' CAP_NET_ADMIN CAP_NET_RAW CAP_BPF CAP_IPC_LOCK)
  list=[${list%,}]
  cat >"$1/config.json" <<JSON
{
  "ociVersion": "1.0.2",
  "process": {
    "user": {"uid": $GATUN_UID, "gid": $GATUN_UID},
    "args": ["/usr/bin/gatun", "run"],
    "env": ["PATH=/usr/bin:/bin", "LANG=C.UTF-8"],
    "cwd": "/",
    "noNewPrivileges": true,
    "capabilities": {
      "bounding": $list, "effective": $list, "inheritable": $list, "permitted": $list, "ambient": $list
    }
  },
  "root": {"path": "rootfs", "readonly": true},
  "hostname": "gatun",
  "mounts": [
    {"destination": "/proc", "type": "proc", "source": "proc"},
    {"destination": "/dev", "type": "tmpfs", "source": "tmpfs", "options": ["nosuid", "mode=755", "size=65536k"]},
    {"destination": "/sys", "type": "sysfs", "source": "sysfs", "options": ["nosuid", "noexec", "nodev", "ro"]},
    {"destination": "/tmp", "type": "tmpfs", "source": "tmpfs", "options": ["nosuid", "noexec", "nodev", "mode=1777"]},
    {"destination": "/run/gatun", "type": "tmpfs", "source": "tmpfs",
     "options": ["nosuid", "noexec", "nodev", "mode=700", "uid=$GATUN_UID", "gid=$GATUN_UID"]},
    {"destination": "/var/lib/gatun", "type": "tmpfs", "source": "tmpfs",
     "options": ["nosuid", "noexec", "nodev", "mode=700", "uid=$GATUN_UID", "gid=$GATUN_UID"]}
  ],
  "linux": {
    "namespaces": [{"type": "pid"}, {"type": "ipc"}, {"type": "uts"}, {"type": "mount"}],
    "maskedPaths": ["/proc/kcore", "/proc/keys", "/proc/timer_list", "/sys/firmware"],
    "readonlyPaths": ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"]
  }
}
JSON
}

# Writes the image as an archive of the OCI image layout, and /opt/gatun alone. Arguments: the image's root, the output.
gatun_image_archive() {
  local rootfs=$1 output=$2 layout=$2/layout layer diff_id config manifest machine
  local tar=(tar --sort=name --numeric-owner --format=pax '--pax-option=delete=atime,delete=ctime')
  local as_root=(--owner=0 --group=0 --mtime="$GATUN_TIME")
  machine=$(uname -m)
  machine=${machine/x86_64/amd64}
  machine=${machine/aarch64/arm64}
  mkdir -p "$layout/blobs/sha256"
  layer=$output/layer.tar
  "${tar[@]}" "${as_root[@]}" --xattrs --xattrs-include=security.capability -C "$rootfs" -cf "$layer" \
    --exclude=./run/gatun --exclude=./var/lib/gatun .
  # Volumes that are put there take their owner from these two.
  "${tar[@]}" --owner="$GATUN_UID" --group="$GATUN_UID" --mtime="$GATUN_TIME" --mode=700 -C "$rootfs" -rf "$layer" \
    ./run/gatun ./var/lib/gatun
  diff_id=$(sha256sum "$layer" | cut -d' ' -f1)
  gzip -n -6 "$layer"
  layer=$(gatun_image_blob "$layout" "$layer.gz")
  cat >"$output/blob" <<JSON
{"architecture": "$machine", "os": "linux", "created": "$(date -u -d "$GATUN_TIME" +%Y-%m-%dT%H:%M:%SZ)",
 "config": {"User": "$GATUN_UID:$GATUN_UID", "Entrypoint": ["/usr/bin/gatun"], "Cmd": ["run"], "StopSignal": "SIGTERM",
  "Env": ["PATH=/usr/bin:/bin", "LANG=C.UTF-8"], "WorkingDir": "/", "Volumes": {"/var/lib/gatun": {}, "/run/gatun": {}},
  "Labels": {"org.opencontainers.image.title": "gatun", "org.opencontainers.image.licenses": "Apache-2.0"}},
 "rootfs": {"type": "layers", "diff_ids": ["sha256:$diff_id"]}}
JSON
  config=$(gatun_image_blob "$layout" "$output/blob")
  cat >"$output/blob" <<JSON
{"schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json",
 "config": {"mediaType": "application/vnd.oci.image.config.v1+json", $config},
 "layers": [{"mediaType": "application/vnd.oci.image.layer.v1.tar+gzip", $layer}]}
JSON
  manifest=$(gatun_image_blob "$layout" "$output/blob")
  cat >"$layout/index.json" <<JSON
{"schemaVersion": 2, "mediaType": "application/vnd.oci.image.index.v1+json", "manifests": [
 {"mediaType": "application/vnd.oci.image.manifest.v1+json", $manifest,
  "platform": {"architecture": "$machine", "os": "linux"},
  "annotations": {"org.opencontainers.image.ref.name": "gatun:latest", "io.containerd.image.name": "localhost/gatun:latest"}}]}
JSON
  echo '{"imageLayoutVersion": "1.0.0"}' >"$layout/oci-layout"
  "${tar[@]}" "${as_root[@]}" -C "$layout" -cf "$output/gatun.oci.tar" oci-layout index.json blobs
  rm -rf "$layout"
  "${tar[@]}" "${as_root[@]}" -C "$rootfs" -czf "$output/gatun.tar.gz" ./opt/gatun
}

# Moves a file to its place by its digest, and prints what a descriptor says of it. Arguments: the layout, the file.
gatun_image_blob() {
  local digest size
  digest=$(sha256sum "$2" | cut -d' ' -f1)
  size=$(stat -c %s "$2")
  mv "$2" "$1/blobs/sha256/$digest"
  echo "\"digest\": \"sha256:$digest\", \"size\": $size"
}
