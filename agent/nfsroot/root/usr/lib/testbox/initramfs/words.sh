# The kernel command line, and what is said on the consoles.

# Where the kernel shows itself; a test has another place.
proc="${proc:-/proc}"
sys="${sys:-/sys}"
kmsg="${kmsg:-/dev/kmsg}"

# By way of the kernel's log, whose lines go to all consoles: VT1 and, where asked for, the serial one.
say() { echo "<5>testbox: $*" >"$kmsg"; }
# Is seen even with `quiet`.
complain() { echo "<3>testbox: $*" >"$kmsg"; }
detail() { [ -z "$debug" ] || say "$*"; }

# A box without a way to go on starts over: the next PXE boot may find what this one missed.
give_up() {
  complain "$* Rebooting in ${panic} s."
  sleep "$panic"
  reboot -f
  echo b >"$proc/sysrq-trigger"
  sleep 3600
}

# `aufs=tmpfs`, `boot=nfs`, `root=/dev/nfs`, `ro` and the like say what is done anyway.
read_words() {
  ip= bootif= nfsroot= nfsvers= debug= panic= unique_id= init=/sbin/init
  for word in $(cat "$proc/cmdline"); do
    case "$word" in
      ip=*) ip="${word#ip=}" ;;
      BOOTIF=*) bootif="${word#BOOTIF=}" ;;
      nfsroot=*) nfsroot="${word#nfsroot=}" ;;
      nfsvers=*) nfsvers="${word#nfsvers=}" ;;
      nfsrootdebug | debug) debug=y ;;
      nfs.nfs4_unique_id=*) unique_id="${word#*=}" ;;
      init=*) init="${word#init=}" ;;
      panic=*) panic="${word#panic=}" ;;
    esac
  done
  case "$panic" in
    '' | 0 | *[!0-9]*)
      panic=60
      echo "$panic" >"$proc/sys/kernel/panic"
      ;;
  esac
}

# `52-54-00-AB-00-42` to `52:54:00:ab:00:42`.
as_mac() { echo "$1" | tr 'A-F-' 'a-f:'; }
