# Fifty containers through the pipeline of one session; prints the microseconds that the work took.
param([string] $Image)
$ErrorActionPreference = 'Stop'
Import-Module /podsharp/Podsharp/Podsharp.psd1
$null = Get-Container
$watch = [Diagnostics.Stopwatch]::StartNew()
$containers = 1..50 | ForEach-Object { New-Container $Image -Command sleep, 1000 -Network none } | Start-Container
$containers | Stop-Container -Timeout 0 | Remove-Container
[long] $watch.Elapsed.TotalMicroseconds
