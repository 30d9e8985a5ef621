# What podman has, through the cmdlets.
BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    Import-TestImage
    Remove-TestContainers
    podman volume create --label a=b test-volume | Out-Null
    podman run --rm --network none -v test-volume:/v $Image sh -c 'echo hello >/v/file' | Out-Null
    podman create --name test-theirs --label l=m -v test-volume:/v $Image sh -c 'cat /v/file' | Out-Null
    podman create --name other-theirs --health-cmd true --sdnotify conmon $Image true | Out-Null
}

AfterAll {
    Get-Container 'podsharp-*', 'test-*' | Remove-Container -Force -Volume
    podman rm -f test-theirs other-theirs | Out-Null
    podman volume rm test-volume | Out-Null
    podman network prune -f | Out-Null
    & /podsharp/bin/podsharp volume rm --all | Out-Null
    Remove-Item /dev/shm/libpod_lock -ErrorAction Ignore
}

Describe 'Import-PodmanVolume' {
    It 'makes nothing with -WhatIf' {
        Import-PodmanVolume -WhatIf
        & /podsharp/bin/podsharp volume exists test-volume
        $LASTEXITCODE | Should -Be 1
    }

    It 'emits the volume, with its files' {
        $volume = Import-PodmanVolume 'test-vol*' -CopyData
        $volume | Should -BeOfType Podsharp.Model.ContainerVolume
        $volume.Name | Should -Be test-volume
        $volume.Labels['a'] | Should -Be b
        Get-Content "$($volume.MountPoint)/file" | Should -Be hello
    }
}

Describe 'Import-PodmanContainer' {
    It 'emits a container that starts' {
        $container = Import-PodmanContainer test-theirs -NewName test-ours
        $container | Should -BeOfType Podsharp.Model.Container
        $container.Name | Should -Be test-ours
        $container.Labels['l'] | Should -Be m
        $container | Start-Container | Wait-Container | Out-Null
        (Get-ContainerLog test-ours).Text | Should -Be hello
    }

    It 'warns of what it can not carry over, and puts a prefix before a taken name' {
        $container = Import-PodmanContainer '*-theirs' -WarningVariable warnings -WarningAction SilentlyContinue
        $container.Name | Sort-Object | Should -Be podsharp-other-theirs, podsharp-test-theirs
        (Get-ContainerObject podsharp-other-theirs).HealthConfig.Check.Test | Should -Be 'CMD-SHELL', 'true'
        $warnings | Should -Be 'other-theirs: the notification of systemd (conmon) is not carried over'
    }

    It 'says what podman does not have, and goes on' {
        $container = Import-PodmanContainer none, test-theirs -Prefix test-p- -ErrorVariable problem -ErrorAction SilentlyContinue
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'ContainerNotFound,*'
        $container.Name | Should -Be test-p-test-theirs
    }

    It 'does nothing with -WhatIf' {
        Import-PodmanContainer test-theirs -Prefix test-what- -WhatIf
        Get-Container 'test-what-*' | Should -BeNullOrEmpty
    }
}
