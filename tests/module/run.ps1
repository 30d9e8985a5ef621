# Runs one file of Pester tests and prints the results as TAP. Run inside a test host by tests/run.sh:
#   tests/host/enter pwsh -NoProfile -File /tests/module/run.ps1 Container.Tests.ps1
param([Parameter(Mandatory)] [string] $File)
$ErrorActionPreference = 'Stop'
$env:PATH = "/podsharp/bin:$env:PATH"
Import-Module Pester -MinimumVersion 5.0
$configuration = New-PesterConfiguration
$configuration.Run.Path = Join-Path $PSScriptRoot $File
$configuration.Run.PassThru = $true
$configuration.Output.Verbosity = 'None'
$result = Invoke-Pester -Configuration $configuration
$number = 0
foreach ($test in $result.Tests) {
    $number++
    $name = $test.ExpandedPath -replace '\s+', ' '
    switch ($test.Result) {
        'Passed' { "ok $number - $name ({0:0.00} s)" -f $test.Duration.TotalSeconds }
        'Failed' {
            "not ok $number - $name"
            foreach ($record in $test.ErrorRecord) {
                ($record.ToString() + "`n" + $record.ScriptStackTrace) -split "`n" | Select-Object -First 12 | ForEach-Object { "#   $_" }
            }
        }
        default { "ok $number - $name # SKIP $($test.Result)" }
    }
}
foreach ($block in $result.FailedBlocks) {
    "# the block $($block.ExpandedPath) failed outside its tests:"
    $block.ErrorRecord | ForEach-Object { "#   $_" }
}
foreach ($container in $result.Containers | Where-Object { $_.ErrorRecord }) {
    $number++
    "not ok $number - $File could not be run"
    $container.ErrorRecord | ForEach-Object { "#   $_" }
}
"1..$number"
exit [int]($result.FailedCount + $result.FailedContainersCount + $result.FailedBlocksCount -gt 0)
