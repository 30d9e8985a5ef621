# The demonstration through the cmdlets. Started by demo/run.sh.
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
Import-Module "$PSScriptRoot/../out/Podsharp/Podsharp.psd1"
$ContainerEnginePreference = @{
    Root = "$env:DEMO_WORK/store"; RunRoot = "$env:DEMO_WORK/run"; NetworkConfigDirectory = "$env:DEMO_WORK/networks"
}
function Step([scriptblock] $Script) {
    Write-Host "`n> $($Script.ToString().Trim())" -ForegroundColor Cyan
    . $Script | Out-Host
}

Step { Get-ContainerEngine -Version }
try {
    Step { Request-ContainerImage $env:DEMO_IMAGE -RetryCount 0 }
    $image = $env:DEMO_IMAGE
}
catch {
    Write-Host $_.Exception.Message
    Write-Host "No registry answers: an image is made from this machine's busybox."
    $image = 'localhost/busybox:demo'
    Step { Import-ContainerImage -FileSystem $env:DEMO_TAR $image }
}
Step { Get-ContainerImage }
$serve = 'mkdir -p /tmp/www; echo "Hello from a container." >/tmp/www/index.html; echo serving; exec httpd -f -v -p 80 -h /tmp/www'
Step { New-Container $image -Name web -Init -Memory 64mb -Publish "127.0.0.1:${env:DEMO_PORT}:80" -Command sh, -c, $serve | Start-Container }
Write-Host "`n> Invoke-RestMethod http://127.0.0.1:$env:DEMO_PORT/" -ForegroundColor Cyan
$page = Invoke-RestMethod "http://127.0.0.1:$env:DEMO_PORT/" -MaximumRetryCount 20 -RetryIntervalSec 1
$page
if ($page.Trim() -ne 'Hello from a container.') { throw "The page is not the one that the container serves: $page" }
Step { Invoke-ContainerCommand web -Command sh, -c, 'cat /sys/fs/cgroup/memory.max 2>/dev/null || cat /sys/fs/cgroup/memory/memory.limit_in_bytes' }
Step { Get-ContainerLog web }
Step { Get-Container }
Step { Measure-Container web }
Step { Stop-Container web -Timeout 2 }
Step { Get-Container web | Remove-Container }
Step { Remove-ContainerImage $image -Confirm:$false }
if (Get-Container) { throw 'A container is left.' }
if (Get-ContainerImage) { throw 'An image is left.' }
