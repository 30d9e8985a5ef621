# The files of containers through the cmdlets, on the real engine.
BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    Import-TestImage
    Remove-TestContainers
}

AfterAll { Remove-TestContainers }

Describe 'Get-ContainerChange' {
    BeforeAll {
        New-Container $Image -Name test-change -- sh -c 'echo 1 >/added; rm /etc/group; echo 2 >>/etc/passwd' | Start-Container | Wait-Container | Out-Null
    }

    It 'emits what a container changed' {
        $changes = Get-ContainerChange test-change
        $changes | Should -BeOfType Podsharp.Model.FileSystemChange
        ($changes | Where-Object Kind -EQ Added).Path | Should -Be '/added'
        ($changes | Where-Object Kind -EQ Deleted).Path | Should -Be '/etc/group'
        ($changes | Where-Object Kind -EQ Changed).Path | Should -Be '/etc', '/etc/passwd'
    }

    It 'takes containers from the pipeline, wildcards and kinds' {
        (Get-Container test-change | Get-ContainerChange -Kind Deleted).Path | Should -Be '/etc/group'
        (Get-ContainerChange 'test-cha*' -Kind Added, Deleted).Path | Should -Be '/added', '/etc/group'
    }

    It 'looks at images' {
        (Get-ContainerChange -Image $Image -Kind Added).Path | Should -Contain '/bin/sh'
    }

    It 'says what is not there' {
        Get-ContainerChange test-none -ErrorVariable problem -ErrorAction SilentlyContinue
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'ContainerNotFound,*'
    }
}

Describe 'Export-Container' {
    BeforeAll {
        New-TestContainer test-export1 | Out-Null
        New-TestContainer test-export2 | Start-Container | Out-Null
    }

    It 'writes an archive and emits it' {
        $file = Export-Container test-export1 (Join-Path $TestDrive one.tar)
        $file | Should -BeOfType System.IO.FileInfo
        tar -tf $file.FullName | Should -Contain 'bin/busybox'
    }

    It 'writes one each into a directory' {
        (Get-Container 'test-export*' | Export-Container -Path $TestDrive).Name | Sort-Object | Should -Be 'test-export1.tar', 'test-export2.tar'
    }

    It 'keeps what is there with -NoClobber, and when it fails' {
        $path = Join-Path $TestDrive kept.tar
        'kept' | Set-Content $path
        Export-Container test-export1 $path -NoClobber -ErrorVariable problem -ErrorAction SilentlyContinue
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'FileExists,*'
        Export-Container test-none $path -ErrorAction SilentlyContinue
        Get-Content $path | Should -Be 'kept'
        Get-ChildItem $TestDrive -Filter '*.part-*' | Should -BeNullOrEmpty
    }

    It 'does nothing with -WhatIf' {
        Export-Container test-export1 (Join-Path $TestDrive what.tar) -WhatIf
        Join-Path $TestDrive what.tar | Should -Not -Exist
    }
}

Describe 'Mount-Container' {
    It 'mounts, and Dismount-Container unmounts' {
        $mount = New-TestContainer test-mount | Mount-Container
        $mount | Should -BeOfType Podsharp.Model.ContainerRootMount
        Join-Path $mount.MountPoint etc/passwd | Should -Exist
        $mount | Dismount-Container
        Join-Path $mount.MountPoint etc/passwd | Should -Not -Exist
    }
}
