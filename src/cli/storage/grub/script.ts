import type { TestboxAddress } from '../../../contract/address.ts';

/** Octets as two digits of hexadecimal, and back: GRUB's script language can't reckon. */
const OCTETS = Array.from({ length: 256 }, (_unused, octet) => ({
  octet,
  digits: octet.toString(16).padStart(2, '0'),
}));

const TABLES = OCTETS.flatMap(({ octet, digits }) => [
  `hex_${octet}=${digits.toUpperCase()}`,
  `octet_${digits}=${octet}`,
]);

const FUNCTIONS = String.raw`
# 10.40.41.42 to 0A28292A, into $hex_address.
function name_of_boot_config {
  set hex_address=
  if regexp --set 1:a --set 2:b --set 3:c --set 4:d '^([0-9]+)\.([0-9]+)\.([0-9]+)\.([0-9]+)$' "$1"; then
    eval "set hex_address=\$hex_$a\$hex_$b\$hex_$c\$hex_$d"
  fi
}

# The first address of a DHCP option, dotted, into $address.
function address_of_option {
  set digits=
  set address=
  net_get_dhcp_option digits $net_default_interface $1 hex
  if regexp --set 1:a --set 2:b --set 3:c --set 4:d '^(..):?(..):?(..):?(..)' "$digits"; then
    eval "set address=\$octet_$a.\$octet_$b.\$octet_$c.\$octet_$d"
  fi
}

# What PXELINUX adds by SYSAPPEND, where the boot config doesn't say it, into $more.
function words_of_network {
  set more=
  if [ "$says_address" = no ]; then
    address_of_option 3
    set gateway="$address"
    address_of_option 1
    if [ -n "$address" ]; then
      set more="ip=$net_default_ip:$server:$gateway:$address"
    fi
  fi
  if [ "$says_port" = no ]; then
    if regexp --set 1:a --set 2:b --set 3:c --set 4:d --set 5:e --set 6:f '^(..):(..):(..):(..):(..):(..)$' "$net_default_mac"; then
      set more="$more BOOTIF=01-$a-$b-$c-$d-$e-$f"
    fi
  fi
}

# GRUB's reader of SYSLINUX files calls these two where it takes the platform for a PC's BIOS,
# which is how the words above come to the kernel.
function linux16 {
  set is_maintenance=yes
  set says_address=no
  set says_port=no
  for word in "$@"; do
    if regexp '^ip=' "$word"; then set says_address=yes; fi
    if regexp '^BOOTIF=' "$word"; then set says_port=yes; fi
  done
  words_of_network
  echo "Loading the maintenance system: $1"
  if linux "$@" $more; then true; else set is_loaded=no; fi
}
function initrd16 {
  if initrd "$@"; then true; else set is_loaded=no; fi
}
set grub_platform=pc

# A half-written disk keeps its boot config: what can't be loaded is tried again, and the disk
# is not booted in its place. From the start, as GRUB crashes when it loads a second kernel.
function boot_maintenance {
  set is_maintenance=no
  set is_loaded=yes
  set root=unread
  syslinux_source -p -r $share -c $share $share/pxelinux.cfg/$hex_address
  if [ "$is_maintenance" = yes ]; then
    if [ "$is_loaded" = yes ]; then boot; fi
    echo "The maintenance system could not be started. Booting again in 10 seconds."
    sleep 10
    reboot
  elif [ "$root" = unread -a "$silences" != xxx ]; then
    # A LOCALBOOT has set it: the file could not be read to its end, or says something else.
    set silences=x$silences
  else
    boot_local_disk
  fi
}

# The loaders of operating systems before the fallback of the disk: shim's fallback writes the
# firmware's boot order, with the disk first.
function boot_local_disk {
  for partition in (hd*,gpt*) (hd*,msdos*); do
    for loader in $partition/EFI/*/shimx64.efi $partition/EFI/*/shim.efi $partition/EFI/*/grubx64.efi $partition/EFI/systemd/systemd-bootx64.efi $partition/EFI/Microsoft/Boot/bootmgfw.efi $partition/EFI/BOOT/BOOTX64.EFI; do
      if [ -f "$loader" ]; then
        echo "No maintenance: starting $loader"
        regexp --set 1:root '^\(([^)]*)\)' "$loader"
        if chainloader "$loader"; then boot; fi
      fi
    done
  done
  echo "No loader on the local disks: back to the firmware."
  exit
}
`;

// -s opens the file; -f looks through a directory, and TFTP has none. Beside a DHCP server of
// somebody else's, GRUB takes that one for the server of everything: ours is asked first.
const MAIN = `
if [ -n "$storage_server" ]; then set server=$storage_server; else set server=$net_default_server; fi
set silences=
while true; do
  set share=(tftp,$server)
  name_of_boot_config "$net_default_ip"
  if [ -z "$hex_address" ]; then
    echo "The network gave no address."
    boot_local_disk
  elif [ -s $share/pxelinux.cfg/$hex_address ]; then
    boot_maintenance
  elif [ -s $share/pxelinux.cfg/default ]; then
    boot_local_disk
  elif [ "$silences" = xxx ]; then
    boot_local_disk
  else
    # No boot config and a server that doesn't answer are not the same.
    set silences=x$silences
    echo "$share has no pxelinux.cfg/default, or doesn't answer."
    if [ "$server" = "$storage_server" ]; then set server=$net_default_server
    elif [ -n "$storage_server" ]; then set server=$storage_server
    fi
    sleep 3
  fi
done
`;

/** The first line of every such script, whatever follows. */
export const GRUB_SCRIPT_MARK = '# Boots what pxelinux.cfg/<HEX-IP> says, else the local disk.';

/**
 * What the image does, in GRUB's script language.
 *
 * @param storageServer who serves TFTP, as boxes reach it; null believes what DHCP says
 */
export function grubScript(storageServer: TestboxAddress | null): string {
  return [GRUB_SCRIPT_MARK, `storage_server=${storageServer ?? ''}`, ...TABLES, FUNCTIONS, MAIN].join('\n');
}
