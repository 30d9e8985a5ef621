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

Describe 'Copy-ContainerFile' {
    BeforeAll {
        New-TestContainer test-copy1 | Start-Container | Out-Null
        New-TestContainer test-copy2 | Out-Null
        New-Item -ItemType Directory (Join-Path $TestDrive out) | Out-Null
        'one' | Set-Content (Join-Path $TestDrive one.txt)
        'two' | Set-Content (Join-Path $TestDrive two.txt)
    }

    It 'copies out, and emits the file' {
        $file = Copy-ContainerFile test-copy1:/etc/passwd (Join-Path $TestDrive out)
        $file | Should -BeOfType System.IO.FileInfo
        $file.FullName | Should -Be (Join-Path $TestDrive out passwd)
        (Get-Content $file)[0] | Should -Match '^root:'
        Copy-ContainerFile test-copy2:/etc (Join-Path $TestDrive etc) | Should -BeOfType System.IO.DirectoryInfo
    }

    It 'copies into a container: paths, wildcards, files from the pipeline' {
        Copy-ContainerFile (Join-Path $TestDrive one.txt) test-copy1:/tmp/renamed | Should -BeNullOrEmpty
        Invoke-ContainerCommand test-copy1 cat /tmp/renamed | Should -Be 'one'
        Copy-ContainerFile (Join-Path $TestDrive '*.txt') test-copy1:/tmp
        Invoke-ContainerCommand test-copy1 cat /tmp/one.txt /tmp/two.txt | Should -Be 'one', 'two'
        Get-ChildItem $TestDrive -Filter *.txt | Copy-ContainerFile -Destination test-copy2:/
        (Get-ContainerChange test-copy2 -Kind Added).Path | Should -Contain '/two.txt'
    }

    It 'takes containers from the pipeline, in both directions' {
        Get-Container test-copy1 | Copy-ContainerFile (Join-Path $TestDrive two.txt) /etc/motd -ToContainer
        Get-Container test-copy1 | Copy-ContainerFile -Path /etc/motd -Destination (Join-Path $TestDrive out) | Get-Content | Should -Be 'two'
    }

    It 'copies between containers, relative to the location on the host' {
        Copy-ContainerFile test-copy1:/tmp/renamed test-copy2:/tmp/there
        Push-Location $TestDrive
        try { (Copy-ContainerFile test-copy2:/tmp/there .).FullName | Should -Be (Join-Path $TestDrive there) }
        finally { Pop-Location }
    }

    It 'replaces a directory with -Overwrite only' {
        Copy-ContainerFile test-copy1:/tmp/renamed test-copy2:/root -ErrorAction Stop
        New-Item -ItemType Directory (Join-Path $TestDrive out/renamed) | Out-Null
        Copy-ContainerFile test-copy1:/tmp/renamed (Join-Path $TestDrive out) -ErrorVariable problem -ErrorAction SilentlyContinue
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'FileExists,*'
        Copy-ContainerFile test-copy1:/tmp/renamed (Join-Path $TestDrive out) -Overwrite | Get-Content | Should -Be 'one'
    }

    It 'says what is not there' {
        Copy-ContainerFile test-copy1:/none $TestDrive -ErrorVariable problem -ErrorAction SilentlyContinue
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'FileNotFound,*'
        Copy-ContainerFile test-none:/none $TestDrive -ErrorVariable problem -ErrorAction SilentlyContinue
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'ContainerNotFound,*'
    }

    It 'does nothing with -WhatIf, and completes containers' {
        Copy-ContainerFile test-copy1:/etc/group (Join-Path $TestDrive what) -WhatIf
        Join-Path $TestDrive what | Should -Not -Exist
        $line = 'Copy-ContainerFile test-copy'
        (TabExpansion2 $line $line.Length).CompletionMatches.CompletionText | Should -Contain 'test-copy1:'
    }
}
