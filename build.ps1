#!/usr/bin/env pwsh
<#
.SYNOPSIS
    Builds Podsharp: the same tasks as ./build.sh, from PowerShell.
.DESCRIPTION
    The logic is in build.proj. As root, missing system packages are installed; otherwise the command that installs them
    is named.
.PARAMETER Task
    build (default), demo, test, bench, install or clean.
.NOTES
    Further words are passed on: suites to `test`, options such as -p:PodsharpPublish=readytorun to MSBuild.
.EXAMPLE
    ./build.ps1 -Task test
.EXAMPLE
    ./build.ps1 install -p:Prefix=/opt/podsharp
#>
param(
    [ValidateSet('build', 'demo', 'test', 'bench', 'install', 'clean')]
    [string] $Task = 'build'
)
# No parameter attributes: with them, an MSBuild option like -p:Prefix=DIR would be taken for a common parameter.
& "$PSScriptRoot/build.sh" $Task @args
exit $LASTEXITCODE
