# Lists of images through the cmdlets, on the real engine.
BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    Import-TestImage
    foreach ($architecture in 'amd64', 'arm64') {
        Build-ContainerImage -Definition "FROM scratch`nLABEL for=$architecture" -Platform "linux/$architecture" -Name "localhost/test-list:$architecture" | Out-Null
    }
}

AfterAll {
    Remove-ContainerManifest *
    Get-ContainerImage 'localhost/test-list*' | Remove-ContainerImage -Force | Out-Null
}

Describe 'A list of images' {
    AfterEach { Remove-ContainerManifest * }

    It 'is made of images by name and through the pipeline, and podman has it, too' {
        New-ContainerManifest one localhost/test-list:amd64 -WhatIf | Should -BeNullOrEmpty
        Test-ContainerManifest one | Should -BeFalse
        $list = New-ContainerManifest one localhost/test-list:amd64 -Annotation @{ a = 'b' }
        $list | Should -BeOfType Podsharp.Model.ContainerManifest
        $list.Names | Should -Be 'localhost/one:latest'
        $list.Platforms | Should -Be 'linux/amd64'
        $list.Annotations['a'] | Should -Be b
        (podman manifest inspect one | ConvertFrom-Json).manifests.digest | Should -Be $list.Images.Digest
        $piped = Get-ContainerImage 'localhost/test-list:*' | New-ContainerManifest two
        $piped.Platforms | Sort-Object | Should -Be 'linux/amd64', 'linux/arm64'
        Test-ContainerManifest one, 't*', nothing, localhost/test-list:amd64 | Should -Be $true, $true, $false, $false
    }

    It 'is not made where an image is missing, or twice' {
        New-ContainerManifest one localhost/test-list:amd64, containers-storage:localhost/nothing:1 -ErrorVariable failed -ErrorAction SilentlyContinue
        $failed[0].FullyQualifiedErrorId | Should -BeLike 'ImageNotFound,*'
        Get-ContainerManifest | Should -BeNullOrEmpty
        New-ContainerManifest one | Out-Null
        New-ContainerManifest one -ErrorVariable failed -ErrorAction SilentlyContinue
        $failed[0].FullyQualifiedErrorId | Should -BeLike 'NameInUse,*'
        (New-ContainerManifest one localhost/test-list:arm64 -Amend).Images | Should -HaveCount 1
    }

    It 'gets images, says what is asked of them, and loses them' {
        New-ContainerManifest one | Out-Null
        Add-ContainerManifestImage one localhost/test-list:arm64 -WhatIf
        (Get-ContainerManifest one).Images | Should -BeNullOrEmpty
        $list = Add-ContainerManifestImage one localhost/test-list:arm64 -Architecture arm -Variant v7 -Annotation @{ k = 'v' }
        $list.Images[0] | Should -BeOfType Podsharp.Model.ContainerManifestImage
        $list.Images[0].Platform | Should -Be linux/arm/v7
        $list.Images[0].Annotations['k'] | Should -Be v
        $list = Get-ContainerImage 'localhost/test-list:amd64' | Add-ContainerManifestImage one
        $list = $list.Images | Set-ContainerManifestImage -OperatingSystemVersion 1.2 | Select-Object -Last 1
        $list.Images.OsVersion | Should -Be '1.2', '1.2'
        $list = Set-ContainerManifestImage one localhost/test-list:arm64 -Architecture arm64
        $list.Images[0].Platform | Should -Be linux/arm64
        $list = $list | Set-ContainerManifest -Annotation @{ top = 'yes' } -Subject localhost/test-list:amd64
        $list.Annotations['top'] | Should -Be yes
        $list.Subject.Digest | Should -Be $list.Images[1].Digest
        $left = $list.Images | Where-Object Architecture -eq arm64 | Remove-ContainerManifestImage
        $left.Platforms | Should -Be linux/amd64
        Remove-ContainerManifestImage one $list.Images[0].Digest -ErrorVariable failed -ErrorAction SilentlyContinue
        $failed[0].FullyQualifiedErrorId | Should -BeLike 'ManifestImageNotFound,*'
    }

    It 'stands for the image of the host, and is removed without it' {
        New-ContainerManifest one localhost/test-list:amd64, localhost/test-list:arm64 | Out-Null
        (Get-ContainerImage one -Detailed).Architecture | Should -Be amd64
        Remove-ContainerManifest one -WhatIf
        Get-ContainerManifest o*, one | Should -HaveCount 2
        Get-ContainerManifest one | Remove-ContainerManifest
        Get-ContainerManifest | Should -BeNullOrEmpty
        Test-ContainerImage localhost/test-list:amd64 | Should -BeTrue
        Get-ContainerManifest localhost/test-list:amd64 -ErrorVariable failed -ErrorAction SilentlyContinue
        $failed[0].FullyQualifiedErrorId | Should -BeLike 'NotAManifestList,*'
    }

    It 'is sent to a directory' {
        New-ContainerManifest one localhost/test-list:amd64, localhost/test-list:arm64 | Out-Null
        Submit-ContainerManifest one "oci:$TestDrive/sent" -WhatIf | Should -BeNullOrEmpty
        $sent = Get-ContainerManifest one | Submit-ContainerManifest -Destination "oci:$TestDrive/sent" -RemoveAfter
        $sent | Should -BeOfType Podsharp.Model.ImageCopyResult
        $sent.Images | Should -Be 2
        "$TestDrive/sent/blobs/$($sent.Digest -replace ':', '/')" | Should -Exist
        Test-ContainerManifest one | Should -BeFalse
        Submit-ContainerManifest localhost/test-list:amd64 "oci:$TestDrive/sent" -ErrorVariable failed -ErrorAction SilentlyContinue
        $failed[0].FullyQualifiedErrorId | Should -BeLike 'NotAManifestList,*'
    }

    It 'is completed by its name' {
        New-ContainerManifest localhost/complete:1 localhost/test-list:amd64 | Out-Null
        (TabExpansion2 'Remove-ContainerManifest localhost/comp').CompletionMatches.CompletionText | Should -Contain 'localhost/complete:1'
    }
}
