#!/bin/sh
# udhcpc calls this with what the DHCP server offered.
[ "$1" = bound ] || exit 0
ip link set "$interface" up
ip address add "$ip/${subnet:-255.255.255.0}" broadcast + dev "$interface"
for first in $router; do
  ip route add default via "$first" dev "$interface"
  break
done
cat >/run/testbox-lease <<END
device='$interface'
address='$ip'
gateway='${first:-}'
server='${siaddr:-$serverid}'
resolvers='$dns'
END
