# Volumes through the cmdlets, on the real engine.
BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    Import-TestImage
}

AfterAll {
    Remove-ContainerVolume * -Force
}

Describe 'A volume' {
    AfterEach { Remove-ContainerVolume * -Force -Timeout 0 }

    It 'is made, found and tested' {
        New-ContainerVolume one -WhatIf | Should -BeNullOrEmpty
        Test-ContainerVolume one | Should -BeFalse
        $volume = New-ContainerVolume one -Label @{ tier = 'db' } -UserId 5
        $volume | Should -BeOfType Podsharp.Model.ContainerVolume
        $volume.MountPoint | Should -Exist
        $volume.UserId | Should -Be 5
        'two', 'three' | New-ContainerVolume | Should -HaveCount 2
        (New-ContainerVolume).Name | Should -Match '^[0-9a-f]{64}$'
        (Get-ContainerVolume t*).Name | Should -Be three, two
        (Get-ContainerVolume -Label tier).Name | Should -Be one
        (Get-ContainerVolume -Filter @{ 'label!' = 'tier'; name = '^t' }).Name | Should -Be three, two
        Test-ContainerVolume one, 't*', nothing | Should -Be $true, $true, $false
        New-ContainerVolume one -ErrorVariable failed -ErrorAction SilentlyContinue
        $failed[0].FullyQualifiedErrorId | Should -Match NameInUse
        (New-ContainerVolume one -IfNotExists).Labels['tier'] | Should -Be db
        Get-ContainerVolume nothing -ErrorVariable failed -ErrorAction SilentlyContinue
        $failed[0].CategoryInfo.Category | Should -Be ObjectNotFound
    }

    It 'tells in detail who uses it and how large it is' {
        New-ContainerVolume used | Out-Null
        $container = New-Container $Image -Name test-user -Volume used:/x true
        Set-Content (Join-Path (Get-ContainerVolume used).MountPoint file) ('x' * 100000)
        $detail = Get-ContainerVolume used -Detailed
        $detail | Should -BeOfType Podsharp.Views.ContainerVolumeDetail
        $detail.Containers | Should -Be test-user
        $detail.Size | Should -BeGreaterThan 90000
        Get-ContainerVolume -Unused | Should -BeNullOrEmpty
        Remove-ContainerVolume used -ErrorVariable failed -ErrorAction SilentlyContinue
        $failed[0].FullyQualifiedErrorId | Should -Match VolumeInUse
        Remove-ContainerVolume used -Force -Timeout 0
        Test-Container test-user | Should -BeFalse
    }

    It 'is mounted while it is used' {
        $volume = New-ContainerVolume memory -Option @{ type = 'tmpfs'; device = 'tmpfs'; o = 'size=1m' }
        $volume.Options['type'] | Should -Be tmpfs
        (Mount-ContainerVolume memory).MountCount | Should -Be 1
        Set-Content (Join-Path $volume.MountPoint file) here
        Invoke-ContainerImage $Image -AutoRemove -Volume memory:/m cat /m/file | Should -Be here
        Get-ContainerVolume memory | Dismount-ContainerVolume
        (Get-ContainerVolume memory).MountCount | Should -Be 0
        Join-Path $volume.MountPoint file | Should -Not -Exist
    }

    It 'goes into archives and comes out of them' {
        $volume = New-ContainerVolume from
        Set-Content (Join-Path $volume.MountPoint file) content
        $file = $volume | Export-ContainerVolume -Path $TestDrive
        $file | Should -BeOfType System.IO.FileInfo
        $file.Name | Should -Be from.tar
        $to = New-ContainerVolume to
        $file | Import-ContainerVolume to | Should -BeOfType Podsharp.Model.ContainerVolume
        Get-Content (Join-Path $to.MountPoint file) | Should -Be content
        Import-ContainerVolume to (Join-Path $TestDrive nothing) -ErrorVariable failed -ErrorAction SilentlyContinue
        $failed[0].FullyQualifiedErrorId | Should -Match FileNotFound
    }

    It 'goes when nobody uses it, and is told before' {
        New-ContainerVolume one -Label keep | Out-Null
        New-ContainerVolume two | Out-Null
        $plan = Remove-ContainerVolume -Unused -Filter @{ 'label!' = 'keep' } -WhatIf
        $plan.Name | Should -Be two
        $plan.Planned | Should -BeTrue
        Get-ContainerVolume | Should -HaveCount 2
        (Remove-ContainerVolume -Unused -Filter @{ 'label!' = 'keep' }).Name | Should -Be two
        (Sync-ContainerVolume).Name | Should -Be one
    }

    It 'is completed by its name' {
        New-ContainerVolume one-of-many | Out-Null
        (TabExpansion2 'Mount-ContainerVolume one-').CompletionMatches.CompletionText | Should -Be one-of-many
    }
}
