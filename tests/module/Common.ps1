# What every file of module tests begins with: imports the built module and knows the test image.
$ErrorActionPreference = 'Stop'
$script:Repository = (Resolve-Path "$PSScriptRoot/../..").Path
$script:ModulePath = @($env:PODSHARP_MODULE, '/podsharp/Podsharp/Podsharp.psd1', "$Repository/out/Podsharp/Podsharp.psd1") |
    Where-Object { $_ -and (Test-Path $_) } | Select-Object -First 1
Import-Module $ModulePath
$script:Image = 'localhost/busybox:test'
$script:ImageTar = '/usr/share/podsharp-test/busybox.tar'

# The root file system of the tests, as an image of the store.
function Import-TestImage {
    if (-not (Test-ContainerImage $Image)) { Import-ContainerImage $ImageTar -FileSystem -Reference $Image | Out-Null }
}

# A container that runs until it is stopped, and ends at once when it is asked to.
function New-TestContainer([string] $Name, [hashtable] $With = @{}) {
    New-Container $Image -Name $Name @With -- sh -c 'trap "exit 0" TERM; sleep 1000 & wait'
}

function Remove-TestContainers { Get-Container 'test-*' | Remove-Container -Force -Volume -Timeout 0 }
