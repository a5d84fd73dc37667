# The root over NFS, with a tmpfs over it.

# Boxes that share a root share its host name; without an id of their own the server takes them for one
# client and they end each other's sessions.
load_nfs() {
  local id="$unique_id"
  [ -n "$id" ] || read -r id <"$sys/class/net/$device/address"
  modprobe -q nfs "nfs4_unique_id=$id"
  modprobe -q nfsv4
  modprobe -q overlay
  # systemd asks for it at its start, and reads the index of all modules to find it.
  modprobe -q autofs4
}

# `<server>:<path>,<options>`; without a server the one that the box booted from. Options are not needed.
read_root_word() {
  local place="${nfsroot%%,*}"
  root_path="${place#*:}"
  case "$place" in
    *:*) root_server="${place%%:*}" ;;
    *) root_server="$server" ;;
  esac
  root_path="${root_path:-/export/testbox-nfsroot}"
  [ -n "$root_server" ] || give_up "No NFS server: neither nfsroot= nor ip= nor DHCP names one."
}

# Nothing on the root changes while boxes run on it, but for a new agent, which they have copied by then.
nfs_mount() {
  mount -t "$1" -o "ro,$2,proto=tcp,addr=$root_server,hard,nolock,nocto,actimeo=3600" \
    "$root_server:$root_path" /nfs 2>/run/testbox-mount-error
}

try_mount() {
  nfs_mount nfs4 vers=4.1,clientaddr="$address" && return 0
  case "$nfsvers" in
    3) modprobe -q nfsv3 && nfs_mount nfs vers=3 && return 0 ;;
  esac
  return 1
}

# The export holds a root for every build of it, and this initramfs belongs to one: build.sh, which the
# build adds to these files, says `build=<number>`. Without it, or without builds, the export is the root.
find_build() {
  build= lower=/nfs
  [ ! -e /testbox/build.sh ] || . /testbox/build.sh
  [ -z "$build" ] || [ ! -d "/nfs/builds/$build" ] || lower="/nfs/builds/$build"
}

# For ever: a server that is away comes back, and a box whose disk is half-written must not be rebooted
# into a PXE server that may be away, too.
mount_root() {
  load_nfs
  read_root_word
  mkdir -p /nfs /rw /root
  local tries=0
  until try_mount; do
    case "$tries" in
      0 | 3 | *0) complain "can't mount $root_server:$root_path yet: $(tr '\n' ' ' </run/testbox-mount-error)" ;;
    esac
    tries=$((tries + 1))
    sleep 2
  done
  find_build
  read_ahead 4096
  copy_agent
  read_ahead 1024
  mount -t tmpfs -o mode=0755 tmpfs /rw || give_up "No tmpfs for the root."
  mkdir /rw/upper /rw/work
  mount -t overlay -o lowerdir=$lower,upperdir=/rw/upper,workdir=/rw/work overlay /root ||
    give_up "The root's overlay can't be mounted."
  [ -x /root/sbin/init ] || [ -L /root/sbin/init ] ||
    give_up "$root_server:$root_path${build:+ has no builds/$build, which this initramfs belongs to, and} is no root: it has no /sbin/init."
  say "root: $root_server:$root_path${lower#/nfs}"
}

# The kernel reads 128 KiB ahead over NFS, which is a round trip for each.
read_ahead() {
  for ahead in "$sys"/class/bdi/0:*/read_ahead_kb; do echo "$1" >"$ahead"; done
}

# What agent-to-memory does at a restart of the agent; here it is quicker, and where it doesn't come to
# its end the service tries again and says why.
copy_agent() {
  local release
  mkdir -p /run/testbox
  mount -t tmpfs -o nosuid,nodev,mode=0755,size=50% tmpfs /run/testbox || return 0
  # What the agent needs to boot the box again: a program on a dead server can't even be started, and who
  # tries waits for it.
  mkdir /run/testbox/bin
  cp /testbox/bin/* /usr/bin/busybox /run/testbox/bin/
  for applet in reboot sync; do ln -s busybox "/run/testbox/bin/$applet"; done
  # The libraries of Node, and those that imaging calls.
  mkdir /run/testbox/lib
  for library in libc.so.6 libm.so.6 libdl.so.2 libpthread.so.0 libgcc_s.so.1 libstdc++.so.6 \
    libisal.so.2 libdeflate.so.0 libzstd.so.1; do
    [ ! -e "$lower/usr/lib/x86_64-linux-gnu/$library" ] ||
      cp -L "$lower/usr/lib/x86_64-linux-gnu/$library" /run/testbox/lib/
  done
  release="$(readlink "$lower/opt/testbox/current")" &&
    cp "$lower/opt/testbox/node" /run/testbox/node &&
    cp -r "$lower/opt/testbox/$release" /run/testbox/agent &&
    [ -s /run/testbox/agent/main.cjs ] && [ -s /run/testbox/agent/worker.cjs ] &&
    : >/run/testbox/complete
  detail "the agent is in memory"
}

hand_over() {
  {
    echo "TESTBOX_DEVICE=$device"
    echo "TESTBOX_ADDRESS=$address"
    echo "TESTBOX_GATEWAY=$gateway"
    echo "TESTBOX_ROOT_SERVER=$root_server"
  } >/run/testbox-boot
  for resolver in $resolvers; do
    echo "nameserver $resolver" >>/root/etc/resolv.conf
  done
  # The overlay keeps hold of both; nobody has to unmount them at the end.
  umount -l /nfs
  umount -l /rw
  for place in /dev /proc /sys /run; do
    mount -o move "$place" "/root$place"
  done
  exec switch_root -c /dev/console /root "$init"
}
