# Images in archives and directories, through the cmdlets, on the real engine.
BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    Import-TestImage
    Import-ContainerImage $ImageTar -Reference localhost/test-saved:1 -Change 'LABEL saved=yes' | Out-Null
    Add-ContainerImageTag localhost/test-saved:1 localhost/test-saved:2
}

AfterAll { Get-ContainerImage 'localhost/test-saved*' | Remove-ContainerImage -Force | Out-Null }

Describe 'Images' {
    It 'are saved and loaded as <_>' -ForEach 'DockerArchive', 'OciArchive', 'OciDirectory', 'DockerDirectory' {
        $path = Join-Path $TestDrive $_
        $saved = Get-ContainerImage localhost/test-saved:1
        $file = $saved | Export-ContainerImage -Path $path -Format $_
        $file.FullName | Should -Be $path
        Remove-ContainerImage $saved.Id -Force | Out-Null
        $loaded = $file | Import-ContainerImage
        $loaded | Should -BeOfType Podsharp.Model.ContainerImage
        $loaded.Id | Should -Be $saved.Id
        if ($_ -eq 'DockerDirectory') {
            Add-ContainerImageTag $loaded.Id localhost/test-saved:1
            Add-ContainerImageTag $loaded.Id localhost/test-saved:2
        }
        (Get-ContainerImage localhost/test-saved:2).Id | Should -Be $saved.Id
    }

    It 'go into one archive' {
        $path = Join-Path $TestDrive all.tar
        Export-ContainerImage $Image, 'localhost/test-saved:[1]' $path | Should -HaveCount 1
        (tar xOf $path manifest.json | ConvertFrom-Json).RepoTags | Should -Be $Image, localhost/test-saved:1, localhost/test-saved:2
        Import-ContainerImage $path | Should -HaveCount 2
        podman load -q -i $path | Should -Contain "Loaded image: $Image"
    }

    It 'leave a file alone that is not to be replaced' {
        $path = Join-Path $TestDrive there.tar
        Set-Content $path before
        Save-ContainerImage $Image $path -NoClobber -ErrorVariable problem -ErrorAction SilentlyContinue
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'FileExists,*'
        Get-Content $path | Should -Be before
        Save-ContainerImage nothing-like-it $path -ErrorVariable problem -ErrorAction SilentlyContinue
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'ImageNotFound,*'
        Get-Content $path | Should -Be before
        Get-ChildItem $TestDrive -Filter there.* | Should -HaveCount 1
    }

    It 'are not written by -WhatIf' {
        $path = Join-Path $TestDrive whatif.tar
        Export-ContainerImage $Image $path -WhatIf
        $path | Should -Not -Exist
        Load-ContainerImage $ImageTar -WhatIf | Should -BeNullOrEmpty
    }

    It 'are explained when an archive is damaged' {
        $path = Join-Path $TestDrive cut.tar
        Export-ContainerImage $Image $path | Out-Null
        $bytes = [IO.File]::ReadAllBytes($path)
        [IO.File]::WriteAllBytes($path, $bytes[0..100000])
        Import-ContainerImage $path -ErrorVariable problem -ErrorAction SilentlyContinue
        $problem[0].CategoryInfo.Category | Should -Be InvalidData
    }
}
