# Images built of Containerfiles through the cmdlet, on the real engine.
BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    Import-TestImage
    $context = New-Item -ItemType Directory "$TestDrive/context"
    Set-Content "$context/a" 'content'
}

AfterAll {
    Get-ContainerImage 'localhost/test-built*' | Remove-ContainerImage -Force
}

Describe 'Build-ContainerImage' {
    It 'builds an image, emits it, and shows its steps as information' {
        $output = Build-ContainerImage $context localhost/test-built:1 -Definition "FROM $Image`nARG V`nCOPY a /a`nRUN echo said; echo `$V >/v`nCMD [`"cat`", `"/a`", `"/v`"]" `
            -BuildArgument @{ V = 5 } -Label @{ one = 'two' } 6>&1
        $built = $output | Where-Object { $_ -is [Podsharp.Model.ContainerImage] }
        $built.Names | Should -Be 'localhost/test-built:1'
        "$output" | Should -Match 'STEP 4/6: RUN echo said'
        $output | ForEach-Object ToString | Should -Contain 'said'
        Invoke-ContainerImage localhost/test-built:1 -AutoRemove | Should -Be 'content', '5'
        (Get-ContainerImage localhost/test-built:1 -Detailed).Config.Labels['one'] | Should -Be 'two'
    }

    It 'takes directories from the pipeline' {
        Set-Content "$context/Containerfile" "FROM $Image`nCOPY a /b"
        (Get-Item $context | Build-ContainerImage -Name localhost/test-built:2 6>$null).Names | Should -Be 'localhost/test-built:2'
        Get-Item $context | Build-ContainerImage -Name localhost/test-built:3 -WhatIf
        Test-ContainerImage localhost/test-built:3 | Should -BeFalse
    }

    It 'gives secrets to commands alone' {
        $secret = ConvertTo-SecureString 'hush' -AsPlainText
        Build-ContainerImage $context localhost/test-built:4 -Definition "FROM $Image`nRUN --mount=type=secret,id=s test `"`$(cat /run/secrets/s)`" = hush" -Secret @{ s = $secret } 6>$null | Should -Not -BeNullOrEmpty
        { Build-ContainerImage $context -Definition "FROM $Image`nRUN --mount=type=secret,id=s,required=true true" -ErrorAction Stop 6>$null } |
            Should -Throw -ErrorId 'SecretNotFound*'
    }

    It 'writes the image''s files, too' {
        Build-ContainerImage $context -Definition "FROM scratch`nCOPY a /b/c" -OutputPath "$TestDrive/out" 6>$null | Should -BeOfType Podsharp.Model.ContainerImage
        Get-Content "$TestDrive/out/b/c" | Should -Be content
        Build-ContainerImage $context -Definition "FROM scratch`nCOPY a /b/c" -OutputPath "$TestDrive/out.tar" 6>$null | Out-Null
        tar -tf "$TestDrive/out.tar" | Sort-Object | Should -Be 'b/', 'b/c'
    }

    It 'tells the line of what fails' {
        Build-ContainerImage $context -Definition "FROM $Image`nRUN exit 3" -ErrorVariable problem -ErrorAction SilentlyContinue 6>$null
        $problem[0].FullyQualifiedErrorId | Should -Match '^BuildCommandFailed'
        "$($problem[0])" | Should -Match 'Definition:2: RUN exit 3: the command ended with exit code 3'
        { Build-ContainerImage $context -Definition "FROM $Image`nRUM" -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidContainerfile*'
    }
}
