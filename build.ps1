#!/usr/bin/env pwsh
<#
.SYNOPSIS
    Builds Podsharp: the same tasks as ./build.sh, from PowerShell.
.DESCRIPTION
    The logic is in build.proj. As root, missing system packages are installed; otherwise the command that installs them
    is named.
.PARAMETER Task
    build (default), demo, test, bench, install or clean.
.PARAMETER Option
    Passed on to MSBuild, for instance -p:PodsharpPublish=readytorun.
.EXAMPLE
    ./build.ps1 -Task test
#>
[CmdletBinding()]
param(
    [Parameter(Position = 0)]
    [ValidateSet('build', 'demo', 'test', 'bench', 'install', 'clean')]
    [string] $Task = 'build',

    [Parameter(ValueFromRemainingArguments)]
    [string[]] $Option = @()
)
& "$PSScriptRoot/build.sh" $Task @Option
exit $LASTEXITCODE
