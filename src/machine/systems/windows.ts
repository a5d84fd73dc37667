import { readProbeLines } from './probe-lines.ts';
import { NOT_ALLOWED_STATUS, type System } from './system.ts';

/**
 * Windows with OpenSSH's server. The mark is the second in which `wininit.exe` was started,
 * the first process of services and written down once: `LastBootUpTime` is computed again
 * when the clock is set, and serves only where that process isn't shown.
 */
export const windows: System = {
  called: 'a Windows system',
  probe: powershell(`
$os = Get-CimInstance Win32_OperatingSystem
$init = Get-CimInstance Win32_Process -Filter "Name = 'wininit.exe'" | Select-Object -First 1
$boot = $os.LastBootUpTime
if ($init.CreationDate) { $boot = $init.CreationDate }
$users = Get-CimInstance Win32_Process -Filter "Name = 'explorer.exe'" |
  ForEach-Object { (Invoke-CimMethod -InputObject $_ -MethodName GetOwner).User } | Sort-Object -Unique
$mark = [long][Math]::Floor(($boot.ToUniversalTime() - [datetime]'1970-01-01').TotalSeconds)
Write-Output "boot-mark=$mark"
Write-Output "maintenance=no"
Write-Output "uptime=$([long][Math]::Floor(($os.LocalDateTime - $os.LastBootUpTime).TotalSeconds))"
Write-Output "users=$($users -join ' ')"
`),
  // 1190: another shutdown is scheduled, 1115: one is under way, 5: access denied
  // (https://learn.microsoft.com/windows/win32/debug/system-error-codes).
  reboot: powershell(`
shutdown.exe /r /f /t 2
if ($LASTEXITCODE -eq 1190) { shutdown.exe /a; shutdown.exe /r /f /t 2 }
if ($LASTEXITCODE -eq 1115) { exit 0 }
if ($LASTEXITCODE -eq 5) { exit ${NOT_ALLOWED_STATUS} }
exit $LASTEXITCODE
`),
  read: readProbeLines,
};

/** The same for cmd.exe and PowerShell as the user's shell: neither sees any of its quotes. */
function powershell(script: string): string {
  const whole = `$ErrorActionPreference = 'Stop'\n$ProgressPreference = 'SilentlyContinue'\n${script}`;
  const encoded = Buffer.from(whole, 'utf16le').toString('base64');
  return `powershell.exe -NoLogo -NoProfile -NonInteractive -EncodedCommand ${encoded}`;
}
