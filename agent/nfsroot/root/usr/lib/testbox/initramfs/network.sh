# The network card that the box booted by, and its address.
# Sets: device address gateway server resolvers

# Only drivers of network cards (and of the buses they sit on) are in this initramfs, so that every
# device may be asked for. Those that a driver brings with it need a second look.
load_drivers() {
  modprobe -abq $(cat "$sys"/bus/*/devices/*/modalias 2>/dev/null | sort -u) 2>/dev/null
}

# PXELINUX passes `ip=<client>:<boot server>:<gateway>:<netmask>` and the card's address (SYSAPPEND 3);
# the original's files say `ip=<client>:<server>:<gateway>:<netmask>:maintenance:eth0`.
read_ip_word() {
  client= server= gateway= netmask= wanted_device= resolvers=
  case "$ip" in
    '' | dhcp | on | any | off | none | both | bootp | rarp) return ;;
  esac
  local fields="$ip"
  local IFS=:
  set -- $fields
  client="$1" server="$2" gateway="$3" netmask="$4" wanted_device="$6"
  resolvers="${8:-} ${9:-}"
}

bring_up_network() {
  read_ip_word
  load_drivers
  ip link set lo up
  local waited=0
  until find_device; do
    case "$waited" in
      3 | *[1-9]0) say "waiting for a network card${bootif:+ with the address $(as_mac "${bootif#*-}")} and a link" ;;
    esac
    # At once the first time: a card may sit behind a bus whose driver has just come. Cards on USB and
    # behind slow firmware come late.
    [ "$waited" = 0 ] || sleep 1
    waited=$((waited + 1))
    load_drivers
  done
  if [ -n "$client" ]; then set_address; else ask_for_address; fi
  say "network: $device has $address${gateway:+, gateway $gateway}${server:+, boot server $server}"
}

# The card of BOOTIF; else the one that `ip=` names, if it has a link; else the first that has one.
# The card of BOOTIF is taken without a link, too: it had one a moment ago and gets it back.
find_device() {
  local mac candidate
  if [ -n "$bootif" ]; then
    mac="$(as_mac "${bootif#*-}")"
    for candidate in "$sys"/class/net/*; do
      read -r its <"$candidate/address" || continue
      [ "$its" = "$mac" ] || continue
      device="${candidate##*/}"
      ip link set "$device" up
      return 0
    done
    [ "$waited" -ge 30 ] || return 1
  fi
  for candidate in "$wanted_device" $(ls "$sys/class/net"); do
    [ -n "$candidate" ] && [ "$candidate" != lo ] && [ -e "$sys/class/net/$candidate/address" ] || continue
    ip link set "$candidate" up
    if has_link "$candidate"; then
      device="$candidate"
      return 0
    fi
  done
  return 1
}

has_link() {
  local link=0
  read -r link 2>/dev/null <"$sys/class/net/$1/carrier"
  [ "$link" = 1 ]
}

wait_for_link() {
  local waited=0
  until has_link "$device"; do
    case "$waited" in
      25 | *00) say "$device has no link yet" ;;
    esac
    [ "$waited" -lt 300 ] || return 1
    usleep 200000
    waited=$((waited + 1))
  done
}

set_address() {
  wait_for_link
  address="$client"
  ip address add "$client/${netmask:-255.255.255.0}" broadcast + dev "$device" ||
    ifconfig "$device" "$client" netmask "${netmask:-255.255.255.0}"
  [ -z "$gateway" ] || [ "$gateway" = 0.0.0.0 ] || ip route add default via "$gateway" dev "$device"
}

# For ever: an address is all there is to go on with, and the cable may be put back.
ask_for_address() {
  local candidate
  modprobe -q af_packet
  until [ -s /run/testbox-lease ]; do
    for candidate in "$device" $(ls "$sys/class/net"); do
      [ "$candidate" != lo ] && has_link "$candidate" || continue
      udhcpc -i "$candidate" -n -q -t 4 -T 3 -s /testbox/lease.sh >/dev/null 2>&1 && break
      say "no answer to DHCP on $candidate, asking again"
    done
    [ -s /run/testbox-lease ] || sleep 2
  done
  . /run/testbox-lease
}
