/** What each kind of firmware is told to load, relative to the TFTP root. */
export const BOOT_PROGRAMS = {
  bios: 'pxelinux.0',
  efi32: 'syslinux32.efi',
  efi64: 'syslinux64.efi',
} as const;

/** What a UEFI box loads whose firmware can't be sent on to its own disk. */
export const GRUB_IMAGE = 'grub/grubx64.efi';
