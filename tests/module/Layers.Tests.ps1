# What images stand on, through the cmdlets, on the real engine.
BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    Import-TestImage
    "FROM $Image`nENV A=b`nCOPY services /services" | podman build -q -t localhost/test-layers:1 -f - /etc | Out-Null
    if ($LASTEXITCODE) { throw 'podman could not build an image' }
}

AfterAll {
    Remove-ContainerImage 'localhost/test-layers*' -Force | Out-Null
    Remove-ContainerImage -Unused | Out-Null
}

Describe 'An image' {
    It 'tells its history' {
        $steps = Get-ContainerImageHistory localhost/test-layers:1
        $steps | Should -HaveCount 3
        $steps[0] | Should -BeOfType Podsharp.Model.ImageHistoryEntry
        $steps[0].CreatedBy | Should -BeLike '*COPY*services*'
        $steps[0].Size | Should -BeGreaterThan 1000
        $steps[1].EmptyLayer | Should -BeTrue
        ($steps | Measure-Object Size -Sum).Sum | Should -BeLessThan (Get-ContainerImage localhost/test-layers:1).Size
        Get-ContainerImage $Image | Get-ContainerImageHistory | Should -HaveCount 1
    }

    It 'tells its layers, and what stands on it' {
        $layers = Get-ContainerImageLayer localhost/test-layers:1
        $layers | Should -HaveCount 2
        $layers[0].TopLayerOf | Should -Contain $Image
        $layers[1].ParentId | Should -Be $layers[0].Id
        $layers[1].TopLayerOf | Should -Contain 'localhost/test-layers:1'
        (Get-ContainerImageLayer $Image -Dependent).TopLayerOf | Should -Contain 'localhost/test-layers:1'
    }

    It 'is mounted and unmounted' {
        Mount-ContainerImage $Image -WhatIf | Should -BeNullOrEmpty
        $mount = Mount-ContainerImage $Image
        $mount | Should -BeOfType Podsharp.Model.ContainerImageMount
        Join-Path $mount.MountPoint bin/busybox | Should -Exist
        Get-ContainerImage $Image | Mount-ContainerImage | Out-Null
        $mount | Dismount-ContainerImage
        Join-Path $mount.MountPoint bin/busybox | Should -Exist
        Dismount-ContainerImage $Image -Force
        Join-Path $mount.MountPoint bin/busybox | Should -Not -Exist
    }

    It 'goes when nothing uses it, and only then' {
        Add-ContainerImageTag localhost/test-layers:1 localhost/test-layers:2
        tar -cf (Join-Path $TestDrive other.tar) -C /etc services
        $image = Import-ContainerImage (Join-Path $TestDrive other.tar) -Change 'LABEL unused=yes' -FileSystem
        $plan = Remove-ContainerImage -Unused -Label unused=yes -WhatIf
        $plan | Should -BeOfType Podsharp.Model.PruneReport
        $plan.Id | Should -Be $image.Id
        $plan.Planned | Should -BeTrue
        Test-ContainerImage $image.Id | Should -BeTrue
        (Remove-ContainerImage -Unused -Label unused=yes).Id | Should -Be $image.Id
        Test-ContainerImage $image.Id | Should -BeFalse
        Test-ContainerImage localhost/test-layers:1 | Should -BeTrue
    }

    It 'takes its unnamed parents along' {
        "FROM $Image`nENV B=c`nENV C=d`nENV D=e" | podman build -q --layers -t localhost/test-layers-parents:1 -f - /etc | Out-Null
        $before = (Get-ContainerImage -All).Count
        $result = Remove-ContainerImage localhost/test-layers-parents:1
        $result.Deleted | Should -BeTrue
        $result.Parents.Count | Should -BeGreaterThan 0
        (Get-ContainerImage -All).Count | Should -Be ($before - 1 - $result.Parents.Count)
    }
}
