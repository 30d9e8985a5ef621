# Registries through the cmdlets, on docker-registry.
BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    Import-TestImage
    $script:Folder = '/tmp/module-logins'
    New-Item -ItemType Directory -Force $Folder | Out-Null
    htpasswd -Bbn user pa:ss | Set-Content "$Folder/htpasswd"
    Set-Content "$Folder/config.yml" "version: 0.1`nlog: {level: error}`nstorage: {filesystem: {rootdirectory: $Folder/data}}`nhttp: {addr: '127.0.0.1:5012'}`nauth: {htpasswd: {realm: test, path: $Folder/htpasswd}}"
    $script:Server = Start-Process docker-registry -ArgumentList 'serve', "$Folder/config.yml" -PassThru -RedirectStandardError "$Folder/log" -RedirectStandardOutput "$Folder/out"
    foreach ($attempt in 1..100) {
        try { Invoke-WebRequest http://127.0.0.1:5012/v2/ -SkipHttpErrorCheck | Out-Null; break } catch { Start-Sleep -Milliseconds 100 }
    }
    $script:Private = '127.0.0.1:5012'
    $script:Right = [pscredential]::new('user', (ConvertTo-SecureString 'pa:ss' -AsPlainText -Force))
    $script:Wrong = [pscredential]::new('user', (ConvertTo-SecureString 'not-the-password' -AsPlainText -Force))
}

AfterAll {
    if ($Server) { $Server | Stop-Process }
    Remove-Item -Recurse -Force $Folder
}

Describe 'Logging in' {
    It 'stores the credentials and tells where' {
        $session = Connect-ContainerRegistry $Private -Credential $Right -SkipCertificateCheck -AuthFile "$TestDrive/auth.json"
        $session | Should -BeOfType Podsharp.Model.RegistrySession
        $session.Registry | Should -Be $Private
        $session.UserName | Should -Be 'user'
        $session.StoredIn | Should -Be "$TestDrive/auth.json"
        podman login --get-login --authfile "$TestDrive/auth.json" $Private | Should -Be 'user'
        # Stored ones are checked without a question.
        (Connect-ContainerRegistry $Private -SkipCertificateCheck -AuthFile "$TestDrive/auth.json").UserName | Should -Be 'user'
        $session | Disconnect-ContainerRegistry -AuthFile "$TestDrive/auth.json" -WhatIf
        podman login --get-login --authfile "$TestDrive/auth.json" $Private | Should -Be 'user'
        $session | Disconnect-ContainerRegistry -AuthFile "$TestDrive/auth.json" | Should -BeNullOrEmpty
        (Get-Content "$TestDrive/auth.json" -Raw | ConvertFrom-Json).auths.PSObject.Properties | Should -BeNullOrEmpty
    }

    It 'refuses what the registry refuses, without the secret' {
        Connect-ContainerRegistry $Private -Credential $Wrong -SkipCertificateCheck -AuthFile "$TestDrive/none.json" -ErrorVariable problem -ErrorAction SilentlyContinue
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'RegistryLoginRefused,*'
        $problem[0].CategoryInfo.Category | Should -Be AuthenticationError
        ($problem[0] | Format-List * -Force | Out-String) | Should -Not -Match 'not-the-password'
        "$TestDrive/none.json" | Should -Not -Exist
    }

    It 'goes to Docker''s file, too, and to several registries' {
        Connect-ContainerRegistry "$Private/a", "$Private/b" -Credential $Right -SkipCertificateCheck -AuthFile "$TestDrive/two.json" | Should -HaveCount 2
        Connect-ContainerRegistry $Private -Credential $Right -SkipCertificateCheck -CompatibleAuthFile "$TestDrive/config.json" | Out-Null
        "$TestDrive/config.json" | Should -Exist
        Disconnect-ContainerRegistry -All -AuthFile "$TestDrive/two.json"
        Get-Content "$TestDrive/two.json" -Raw | Should -Not -Match 'auth"'
    }

    It 'doesn''t happen with -WhatIf' {
        Connect-ContainerRegistry $Private -Credential $Right -SkipCertificateCheck -AuthFile "$TestDrive/what-if.json" -WhatIf
        "$TestDrive/what-if.json" | Should -Not -Exist
    }

    It 'is undone once only' {
        Disconnect-ContainerRegistry $Private -ErrorVariable problem -ErrorAction SilentlyContinue
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'NotLoggedIn,*'
    }
}

Describe 'A push' {
    It 'sends the image and emits its digest' {
        $result = Submit-ContainerImage $Image "$Private/pushed/busybox:1" -Credential $Right -SkipCertificateCheck
        $result | Should -BeOfType Podsharp.Model.ImagePushResult
        $result.Destination | Should -Be "$Private/pushed/busybox:1"
        $raw = skopeo inspect --raw --tls-verify=false --creds user:pa:ss "docker://$Private/pushed/busybox:1"
        [Convert]::ToHexString([Security.Cryptography.SHA256]::HashData([Text.Encoding]::UTF8.GetBytes($raw -join "`n"))) | Should -Be ($result.Digest -replace '^sha256:')
    }

    It 'takes images from the pipeline, with a name made of each' {
        $results = Get-ContainerImage $Image | Push-ContainerImage -Destination { "$Private/piped:$($_.Id.Substring(0, 8))" } -Credential $Right -SkipCertificateCheck
        $results | Should -HaveCount 1
        $results.Destination | Should -BeLike "$Private/piped:*"
    }

    It 'shows progress in bytes' {
        $shell = [powershell]::Create().AddScript("Import-Module '$ModulePath'; Submit-ContainerImage $Image $Private/progress:1 -Compression Zstd -ForceCompression -SkipCertificateCheck -Credential `$args[0]").AddArgument($Right)
        $shell.Invoke().Digest | Should -BeLike 'sha256:*'
        $shell.Streams.Error | Should -BeNullOrEmpty
        $shell.Streams.Progress.StatusDescription -match 'MB|kB' | Should -Not -BeNullOrEmpty
        $shell.Streams.Progress[-1].RecordType | Should -Be Completed
        $shell.Dispose()
    }

    It 'sends the same bytes of the same input as the command line, from anywhere' {
        # Another directory, another umask, other times of the files, another process: the image must not tell.
        $text = "FROM $Image", 'COPY . /app', 'RUN echo made >/app/made', 'CMD ["cat", "/app/made"]'
        foreach ($place in 'one', 'two/below') {
            $folder = New-Item -ItemType Directory "$TestDrive/$place/files"
            Set-Content "$folder/a" ('content ' * 9999)
            Set-Content "$folder/b" 'more'
            & chmod 755 $folder
            & chmod 644 "$folder/a" "$folder/b"
            Set-Content "$TestDrive/$place/Containerfile" $text
            (Get-Item "$folder/a").LastWriteTime = (Get-Date).AddDays(-$place.Length)
        }
        $module = Build-ContainerImage "$TestDrive/one/files" -File "$TestDrive/one/Containerfile" -Timestamp '2001-02-03T04:05:06Z' -NoCache 6>$null
        $pushed = Submit-ContainerImage $module.Id "$Private/same/module:1" -Credential $Right -SkipCertificateCheck
        Remove-ContainerImage $module.Id -Force
        $id = & sh -c 'umask 077; exec /podsharp/bin/podsharp build -q --no-cache --timestamp 981173106 -f "$1/Containerfile" "$1/files"' sh "$TestDrive/two/below"
        $id | Should -Be $module.Id
        & /podsharp/bin/podsharp push -q --tls-verify=false --creds user:pa:ss --digestfile "$TestDrive/digest" $id "$Private/same/executable:1"
        Get-Content "$TestDrive/digest" | Should -Be $pushed.Digest
        Remove-ContainerImage $id -Force
    }

    It 'explains what is wrong' {
        Submit-ContainerImage nothing "$Private/x" -ErrorVariable problem -ErrorAction SilentlyContinue
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'ImageNotFound,*'
        Submit-ContainerImage $Image "$Private/x" -SkipCertificateCheck -Credential $Wrong -ErrorVariable problem -ErrorAction SilentlyContinue
        $problem[0].CategoryInfo.Category | Should -Be AuthenticationError
        Submit-ContainerImage $Image "$Private/x" -Format Docker -Compression Zstd -ErrorVariable problem -ErrorAction SilentlyContinue
        $problem[0].CategoryInfo.Category | Should -Be InvalidArgument
        Submit-ContainerImage $Image "$Private/x" -WhatIf | Should -BeNullOrEmpty
    }
}

Describe 'Find-ContainerImage' {
    BeforeAll {
        foreach ($name in 'find/one:1', 'find/one:2', 'find/other:1') {
            Submit-ContainerImage $Image -Destination "$Private/$name" -Credential $Right -SkipCertificateCheck | Out-Null
        }
        $script:How = @{ Credential = $Right; SkipCertificateCheck = $true }
    }

    It 'finds repositories by a part of their name' {
        $found = Find-ContainerImage "$Private/find/o" @How
        $found | Should -BeOfType Podsharp.Model.ImageSearchResult
        $found.Name | Should -Be "$Private/find/one", "$Private/find/other"
        (Find-ContainerImage "$Private/find/o" @How -First 1).Name | Should -Be "$Private/find/one"
        Find-ContainerImage "$Private/nothing-like-it" @How | Should -BeNullOrEmpty
    }

    It 'lists tags, from the pipeline' {
        (Find-ContainerImage "$Private/find/" @How | Find-ContainerImage -Tag @How | ForEach-Object { "$($_.Name):$($_.Tag)" } | Sort-Object) |
            Should -Be "$Private/find/one:1", "$Private/find/one:2", "$Private/find/other:1"
    }

    It 'explains what is wrong' {
        { Find-ContainerImage "$Private/find" -SkipCertificateCheck -AuthFile "$TestDrive/none.json" -ErrorAction Stop } | Should -Throw -ErrorId 'RegistryUnauthorized*'
        { Find-ContainerImage one -Tag -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidArgument*'
    }
}

Describe 'A copy' {
    It 'goes from registry to registry with its digest kept' {
        Submit-ContainerImage $Image "$Private/copy/from:1" -Credential $Right -SkipCertificateCheck | Out-Null
        $both = @{ Credential = $Right; SourceCredential = $Right; SkipCertificateCheck = $true }
        $result = Copy-ContainerImage "docker://$Private/copy/from:1" "docker://$Private/copy/to:1" @both
        $result | Should -BeOfType Podsharp.Model.ImageCopyResult
        $result.Digest | Should -Be $result.SourceDigest
        $result.Images | Should -Be 1
        ($result | Format-Table | Out-String -Width 120) | Should -Match 'Destination'
        [pscustomobject]@{ Source = "docker://$Private/copy/from:1"; Destination = "docker://$Private/copy/to:2" } | Copy-ContainerImage @both | Should -HaveCount 1
        Copy-ContainerImage "docker://$Private/copy/from:1" "docker://$Private/copy/to:3" @both -WhatIf | Should -BeNullOrEmpty
        Copy-ContainerImage "docker://$Private/copy/to:3" "docker://$Private/copy/to:4" @both -ErrorVariable problem -ErrorAction SilentlyContinue
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'RemoteImageNotFound,*'
        Copy-ContainerImage "docker://$Private/copy/from:1" 'docker-daemon:x' @both -ErrorVariable problem -ErrorAction SilentlyContinue
        $problem[0].CategoryInfo.Category | Should -Be NotImplemented
    }
}

Describe 'Images where they are' {
    BeforeAll {
        Submit-ContainerImage $Image "$Private/where/app:1" -Credential $Right -SkipCertificateCheck | Out-Null
        $script:There = @{ Credential = $Right; SkipCertificateCheck = $true }
    }

    It 'are looked at without fetching them' {
        $found = Get-ContainerImage -Remote "$Private/where/app:1" -Tag @There
        $found | Should -BeOfType Podsharp.Model.RemoteContainerImage
        $found.Tags | Should -Contain '1'
        $found.Id | Should -Be (Get-ContainerImage $Image).Id
        $found.Size | Should -Be ($found.Layers | Measure-Object Size -Sum).Sum
        ($found | Format-Table | Out-String -Width 120) | Should -Match 'linux/'
        (Get-ContainerImage -Remote "docker://$Private/where/app:1" -ManifestOnly @There).Configuration | Should -BeNullOrEmpty
        "$Private/where/app:1" | Get-ContainerImage -Remote @There | Should -HaveCount 1
        Get-ContainerImage -Remote "$Private/where/none:1" @There -ErrorVariable problem -ErrorAction SilentlyContinue
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'RemoteImageNotFound,*'
    }

    It 'are copied in sets' {
        $steps = Sync-ContainerImage "docker://$Private/where/app" "dir:$TestDrive/set" -SourceCredential $Right -SkipCertificateCheck
        $steps | Should -BeOfType Podsharp.Model.ImageSyncProgress
        $steps.Stage | Should -Be Copied
        "$TestDrive/set/app:1/manifest.json" | Should -Exist
        (Sync-ContainerImage "docker://$Private/where/app" "dir:$TestDrive/set" -SourceCredential $Right -SkipCertificateCheck).Stage | Should -Be Skipped
        $planned = Sync-ContainerImage "dir:$TestDrive/set" "docker://$Private/again" -TagSuffix -x @There -WhatIf
        $planned.Stage | Should -Be Planned
        $planned.Destination | Should -Be "docker://$Private/again/app:1-x"
        ($planned | Format-Table | Out-String -Width 120) | Should -Match 'Planned'
        Set-Content "$TestDrive/set.yaml" "${Private}:`n  images:`n    where/app: ['1', none]`n"
        $copied = Sync-ContainerImage -Description "$TestDrive/set.yaml" -Destination "docker://$Private/yaml" -SourceCredential $Right @There -ErrorVariable problem -ErrorAction SilentlyContinue
        $copied.Stage | Should -Be Copied
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'ImageNotCopied,*'
    }

    It 'are removed where the registry allows it' {
        Remove-ContainerImage -Remote "$Private/where/app:1" @There -WhatIf | Should -BeNullOrEmpty
        Remove-ContainerImage -Remote "$Private/where/app:1" @There -ErrorVariable problem -ErrorAction SilentlyContinue
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'RegistryDeleteRefused,*'
        (Get-ContainerImage -Remote "$Private/where/app:1" @There).Tags | Should -BeNullOrEmpty
    }
}

Describe 'Images of other users' {
    It 'get images and give them' {
        New-Item -ItemType Directory -Force /run/user/1000 | Out-Null
        chown tester: /run/user/1000
        $sent = Get-ContainerImage $Image | Copy-ContainerImage -Destination tester@localhost::
        $sent | Should -BeOfType Podsharp.Model.ImageTransferResult
        $sent.Names | Should -Contain $Image
        ($sent | Format-Table | Out-String -Width 120) | Should -Match 'tester@localhost'
        (Copy-ContainerImage "tester@localhost::$Image" from-tester:1).Names | Should -Be 'localhost/from-tester:1'
        Remove-ContainerImage localhost/from-tester:1 | Out-Null
        Copy-ContainerImage $Image nobody-of-this-name@localhost:: -ErrorVariable problem -ErrorAction SilentlyContinue
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'TransferFailed,*'
        Copy-ContainerImage $Image tester@localhost:: -WhatIf | Should -BeNullOrEmpty
    }
}
