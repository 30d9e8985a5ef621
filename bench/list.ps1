# One list in a session that has listed before; prints its microseconds.
$ErrorActionPreference = 'Stop'
Import-Module /podsharp/Podsharp/Podsharp.psd1
$null = Get-Container
$watch = [Diagnostics.Stopwatch]::StartNew()
$count = @(Get-Container).Count
$taken = [long] $watch.Elapsed.TotalMicroseconds
if ($count -lt 500) { throw "only $count containers" }
$taken
