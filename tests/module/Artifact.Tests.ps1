# OCI artifacts through the cmdlets, on the real engine and docker-registry.
BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    Import-TestImage
    $script:Folder = '/tmp/module-artifacts'
    New-Item -ItemType Directory -Force "$Folder/files" | Out-Null
    Set-Content "$Folder/files/one.txt" 'one'
    Set-Content "$Folder/files/two.json" '{"two": 2}'
    Set-Content "$Folder/config.yml" "version: 0.1`nlog: {level: error}`nstorage: {filesystem: {rootdirectory: $Folder/data}}`nhttp: {addr: '127.0.0.1:5014'}"
    $script:Server = Start-Process docker-registry -ArgumentList 'serve', "$Folder/config.yml" -PassThru -RedirectStandardError "$Folder/log" -RedirectStandardOutput "$Folder/out"
    foreach ($attempt in 1..100) {
        try { Invoke-WebRequest http://127.0.0.1:5014/v2/ -SkipHttpErrorCheck | Out-Null; break } catch { Start-Sleep -Milliseconds 100 }
    }
    $script:Remote = '127.0.0.1:5014'
}

AfterAll {
    Remove-ContainerArtifact *
    if ($Server) { $Server | Stop-Process }
    Remove-Item -Recurse -Force $Folder
}

Describe 'An artifact' {
    AfterEach { Remove-ContainerArtifact * }

    It 'is made of files, and podman has it, too' {
        Add-ContainerArtifact localhost/a:1 "$Folder/files/one.txt" -WhatIf | Should -BeNullOrEmpty
        Get-ContainerArtifact | Should -BeNullOrEmpty
        $artifact = Get-ChildItem "$Folder/files" | Add-ContainerArtifact localhost/a:1 -Type application/x.y -Annotation @{ k = 'v' }
        $artifact | Should -BeOfType Podsharp.Model.ContainerArtifact
        $artifact.FileCount | Should -Be 2
        $artifact.Type | Should -Be application/x.y
        $artifact.Tag | Should -Be 1
        podman artifact inspect -f '{{.Digest}}' localhost/a:1 | Should -Be $artifact.Digest
        { Add-ContainerArtifact localhost/a:1 "$Folder/files/one.txt" -ErrorAction Stop } | Should -Throw -ErrorId 'ArtifactExists*'
        { Add-ContainerArtifact localhost/a:1 "$Folder/files/one.txt" -Append -ErrorAction Stop } | Should -Throw -ErrorId 'ArtifactFileExists*'
        (Add-ContainerArtifact localhost/a:1 "$Folder/files/one.txt" -Force).FileCount | Should -Be 1
        (Add-ContainerArtifact localhost/a:1 "$Folder/files/two.json" -Append -FileType application/json).FileCount | Should -Be 2
    }

    It 'is found by name, wildcard, digest and type' {
        $artifact = Add-ContainerArtifact localhost/a:1 "$Folder/files/one.txt" -Type application/x.y
        Add-ContainerArtifact localhost/b "$Folder/files/one.txt" | Out-Null
        (Get-ContainerArtifact).Name | Should -Be localhost/a:1, localhost/b
        (Get-ContainerArtifact 'localhost/*', $artifact.Id.Substring(0, 10)).Count | Should -Be 3
        (Get-ContainerArtifact -Type application/x.y).Name | Should -Be localhost/a:1
        $detail = Get-ContainerArtifact localhost/a:1 -Detailed
        $detail | Should -BeOfType Podsharp.Model.ContainerArtifactDetail
        $detail.Files.Title | Should -Be one.txt
        $detail.Files[0].MediaType | Should -Be 'text/plain; charset=utf-8'
        Get-ContainerArtifact none -ErrorVariable problem -ErrorAction SilentlyContinue
        $problem.FullyQualifiedErrorId | Should -BeLike 'ArtifactNotFound*'
        (TabExpansion2 'Remove-ContainerArtifact localhost/').CompletionMatches.CompletionText | Should -Be localhost/a:1, localhost/b
        $artifact | Format-Table | Out-String | Should -Match 'localhost/a:1 +[0-9a-f]{12} '
    }

    It 'is written to files' {
        $artifact = Get-ChildItem "$Folder/files" | Add-ContainerArtifact localhost/a:1
        $artifact | Export-ContainerArtifact -Path $TestDrive -WhatIf
        Test-Path "$TestDrive/one.txt" | Should -BeFalse
        $written = $artifact | Export-ContainerArtifact -Path $TestDrive
        $written.Name | Should -Be one.txt, two.json
        Get-Content $written[0] | Should -Be one
        (Export-ContainerArtifact localhost/a:1 "$TestDrive/other" -Title two.json).FullName | Should -Be "$TestDrive/other"
        Get-Content "$TestDrive/other" | Should -Be '{"two": 2}'
        Export-ContainerArtifact localhost/a:1 "$TestDrive/none" -ErrorVariable problem -ErrorAction SilentlyContinue
        $problem.FullyQualifiedErrorId | Should -BeLike 'InvalidArgument*'
    }

    It 'goes to a registry and comes back' {
        $artifact = Add-ContainerArtifact "$Remote/team/a:1" "$Folder/files/one.txt"
        Submit-ContainerArtifact $artifact.Name -WhatIf | Should -BeNullOrEmpty
        $pushed = $artifact | Submit-ContainerArtifact -SkipCertificateCheck
        $pushed | Should -BeOfType Podsharp.Model.ImagePushResult
        $pushed.Digest | Should -Be $artifact.Digest
        $artifact | Remove-ContainerArtifact -WhatIf
        $artifact | Remove-ContainerArtifact
        Get-ContainerArtifact | Should -BeNullOrEmpty
        Request-ContainerArtifact "$Remote/team/a:1" -SkipCertificateCheck -WhatIf | Should -BeNullOrEmpty
        (Request-ContainerArtifact "$Remote/team/a:1" -SkipCertificateCheck).Digest | Should -Be $artifact.Digest
        Request-ContainerArtifact "$Remote/team/none" -SkipCertificateCheck -ErrorVariable problem -ErrorAction SilentlyContinue
        $problem.FullyQualifiedErrorId | Should -BeLike 'RemoteImageNotFound*'
    }

    It 'is attached to an image, found by it and pulled' {
        Submit-ContainerImage $Image "$Remote/app:1" -SkipCertificateCheck | Out-Null
        Add-ContainerArtifact -Subject "$Remote/app:1" "$Folder/files/two.json" -Type application/spdx+json -SkipCertificateCheck -WhatIf | Should -BeNullOrEmpty
        $attached = Add-ContainerArtifact -Subject "$Remote/app:1" "$Folder/files/two.json" -Type application/spdx+json -Annotation @{ by = 'me' } -SkipCertificateCheck
        $attached | Should -BeOfType Podsharp.Model.ContainerArtifactReferrer
        $found = Get-ContainerArtifact -Subject "$Remote/app:1" -Type application/spdx+json -SkipCertificateCheck
        $found.Digest | Should -Be $attached.Digest
        $found.Annotations['by'] | Should -Be me
        $pulled = $found | Request-ContainerArtifact -SkipCertificateCheck
        $pulled.Subject | Should -Match '^sha256:[0-9a-f]{64}$'
        Get-Content ($pulled | Export-ContainerArtifact -Path $TestDrive) | Should -Be '{"two": 2}'
    }
}
