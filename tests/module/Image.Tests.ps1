# Images through the cmdlets, on the real engine.
BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    Import-TestImage
}

Describe 'Images' {
    AfterEach {
        Get-ContainerImage 'localhost/test-*' | Where-Object { $_.Names.Count -eq 1 } | Remove-ContainerImage -Force | Out-Null
        Remove-ContainerImageTag 'localhost/test-*' | Out-Null
    }

    It 'are made of a root file system archive' {
        $made = Import-ContainerImage $ImageTar -FileSystem -Reference localhost/test-made:1 -Change 'CMD ["echo", "made"]', 'ENV A=b'
        $made | Should -BeOfType Podsharp.Model.ContainerImage
        $made.Names | Should -Be 'localhost/test-made:1'
        (Get-ContainerImage localhost/test-made:1 -Detailed).Config.Environment | Should -Contain 'A=b'
        Invoke-ContainerImage localhost/test-made:1 -AutoRemove | Should -Be 'made'
    }

    It 'are made of files from the pipeline' {
        Get-Item $ImageTar | Import-ContainerImage -FileSystem -Reference localhost/test-piped:1 | Should -HaveCount 1
    }

    It 'are not made of an archive that nobody called a root file system' {
        Import-ContainerImage $ImageTar -ErrorVariable problem -ErrorAction SilentlyContinue
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'NotAnImageArchive,*'
    }

    It 'are found by name, wildcard and id' {
        $image = Get-ContainerImage $Image
        $image.Size | Should -BeGreaterThan 0
        $image.Created | Should -BeOfType DateTimeOffset
        (Get-ContainerImage 'busy*').Id | Should -Contain $image.Id
        (Get-ContainerImage $image.ShortId).Id | Should -Be $image.Id
        (Get-ContainerImage | Where-Object Id -eq $image.Id) | Should -Not -BeNullOrEmpty
        Test-ContainerImage $Image, 'nothing*', nothing | Should -Be $true, $false, $false
    }

    It 'get further names and lose them' {
        Add-ContainerImageTag $Image localhost/test-tag:1
        Get-ContainerImage $Image | Add-ContainerImageTag localhost/test-tag:2, localhost/test-tag:3
        (Get-ContainerImage 'localhost/test-tag:*').Names -match 'test-tag' | Should -HaveCount 3
        Remove-ContainerImageTag localhost/test-tag:1
        Remove-ContainerImageTag 'localhost/test-tag:*'
        Test-ContainerImage 'localhost/test-tag*' | Should -BeFalse
        Test-ContainerImage $Image | Should -BeTrue
    }

    It 'are removed' {
        $made = Import-ContainerImage $ImageTar -FileSystem -Reference localhost/test-gone:1 -Change 'LABEL unique=yes'
        Remove-ContainerImage localhost/test-gone:1 -WhatIf
        Test-ContainerImage localhost/test-gone:1 | Should -BeTrue
        $result = $made | Remove-ContainerImage
        $result.Deleted | Should -BeTrue
        $result.Untagged | Should -Contain 'localhost/test-gone:1'
        Test-ContainerImage $made.Id | Should -BeFalse
    }

    It 'are explained when they can''t be had' {
        $problem = $null
        Get-ContainerImage nothing-like-it -ErrorVariable problem -ErrorAction SilentlyContinue
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'ImageNotFound,*'
        Request-ContainerImage 'Not A Reference' -ErrorVariable problem -ErrorAction SilentlyContinue
        $problem[0].CategoryInfo.Category | Should -Be InvalidArgument
        Import-ContainerImage /nothing.tar -FileSystem -ErrorVariable problem -ErrorAction SilentlyContinue
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'ArchiveNotFound,*'
    }
}

Describe 'A pull' {
    BeforeAll {
        $folder = '/tmp/module-registry'
        New-Item -ItemType Directory -Force $folder | Out-Null
        Set-Content "$folder/config.yml" "version: 0.1`nlog: {level: error}`nstorage: {filesystem: {rootdirectory: $folder/data}}`nhttp: {addr: '127.0.0.1:5011'}"
        $script:Registry = Start-Process docker-registry -ArgumentList 'serve', "$folder/config.yml" -PassThru -RedirectStandardError "$folder/log" -RedirectStandardOutput "$folder/out"
        foreach ($attempt in 1..100) {
            try { Invoke-WebRequest http://127.0.0.1:5011/v2/ | Out-Null; break } catch { Start-Sleep -Milliseconds 100 }
        }
        skopeo copy -q --dest-tls-verify=false "containers-storage:$Image" docker://127.0.0.1:5011/test/busybox:1 2>&1 | Out-Null
        if ($LASTEXITCODE) { throw 'skopeo could not fill the registry' }
        $script:Remote = '127.0.0.1:5011/test/busybox:1'
    }

    AfterAll {
        if ($Registry) { $Registry | Stop-Process }
        Get-ContainerImage '127.0.0.1:5011/*' | Remove-ContainerImage -Force | Out-Null
    }

    It 'emits the image and shows progress in bytes' {
        # Into an empty store, so that there is something to fetch.
        $shell = [powershell]::Create().AddScript("Import-Module '$ModulePath'; `$ContainerEnginePreference = @{ Root = '$TestDrive/empty'; RunRoot = '$TestDrive/run' }
            Request-ContainerImage $Remote -SkipCertificateCheck")
        $image = $shell.Invoke()
        $shell.Streams.Error | Should -BeNullOrEmpty
        $image[0].Names | Should -Contain $Remote
        $shell.Streams.Progress | Should -Not -BeNullOrEmpty
        $shell.Streams.Progress.StatusDescription -match 'MB|kB' | Should -Not -BeNullOrEmpty
        $shell.Streams.Progress[-1].RecordType | Should -Be Completed
        $shell.Dispose()
    }

    It 'happens by itself when a container needs the image' {
        Get-ContainerImage $Remote -ErrorAction Ignore | Remove-ContainerImageTag -Tag $Remote | Out-Null
        Invoke-ContainerImage $Remote -SkipCertificateCheck -AutoRemove echo pulled | Should -Be 'pulled'
    }

    It 'explains a registry that isn''t there, and a name that isn''t in one' {
        Request-ContainerImage 127.0.0.1:1/nothing -SkipCertificateCheck -RetryCount 0 -ErrorVariable problem -ErrorAction SilentlyContinue
        $problem[0].CategoryInfo.Category | Should -Be ConnectionError
        Request-ContainerImage 127.0.0.1:5011/test/nothing -SkipCertificateCheck -ErrorVariable problem -ErrorAction SilentlyContinue
        $problem[0].CategoryInfo.Category | Should -BeIn ObjectNotFound, AuthenticationError
    }
}

Describe 'Get-ContainerEngine' {
    It 'tells what this host is and can' {
        $engine = Get-ContainerEngine
        $engine.Runtime.Name | Should -Not -BeNullOrEmpty
        $engine.GraphRoot | Should -Exist
        $engine.Cpus | Should -Be ([Environment]::ProcessorCount)
        (Get-ContainerEngine -Version).Framework | Should -Match '^\.NET 10'
    }

    It 'takes another store for the session' {
        $ContainerEnginePreference = @{ Root = "$TestDrive/root"; RunRoot = "$TestDrive/run" }
        (Get-ContainerEngine).GraphRoot | Should -Be "$TestDrive/root"
        Get-ContainerImage | Should -BeNullOrEmpty
    }

    It 'refuses a setting it doesn''t know' {
        $ContainerEnginePreference = @{ Rot = '/x' }
        { Get-ContainerEngine } | Should -Throw '*Rot*'
    }
}
