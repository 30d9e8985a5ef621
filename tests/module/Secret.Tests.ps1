# Secrets through the cmdlets, on the real engine.
BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    Import-TestImage
    $Value = ConvertTo-SecureString 'hush' -AsPlainText -Force
}

AfterAll {
    Remove-ContainerSecret *
}

Describe 'A secret' {
    AfterEach { Remove-ContainerSecret * }

    It 'is made of a secure string, and podman has it, too' {
        New-ContainerSecret one $Value -WhatIf | Should -BeNullOrEmpty
        Test-ContainerSecret one | Should -BeFalse
        $secret = New-ContainerSecret one $Value -Label @{ tier = 'db' }
        $secret | Should -BeOfType Podsharp.Model.ContainerSecret
        $secret.Id | Should -Match '^[0-9a-f]{25}$'
        $secret.Labels['tier'] | Should -Be db
        podman secret inspect one --showsecret --format '{{.SecretData}}' | Should -Be hush
        Test-ContainerSecret one, 'o*', nothing | Should -Be $true, $true, $false
    }

    It 'is made of a file, of text and of bytes' {
        Set-Content (Join-Path $TestDrive value) 'from a file' -NoNewline
        New-ContainerSecret file -Path (Join-Path $TestDrive value) | Out-Null
        'two', 'lines' | New-ContainerSecret text | Out-Null
        , [byte[]](0x68, 0x69) | New-ContainerSecret bytes | Out-Null
        Get-Item (Join-Path $TestDrive value) | New-ContainerSecret item | Out-Null
        (Get-ContainerSecret file, text, bytes, item -Detailed -IncludeValue).Value.ForEach({ ConvertFrom-SecureString $_ -AsPlainText }) |
            Should -Be 'from a file', "two`nlines", 'hi', 'from a file'
    }

    It 'shows its value only when asked' {
        New-ContainerSecret one $Value | Out-Null
        Get-ContainerSecret | Format-List * | Out-String | Should -Not -Match hush
        (Get-ContainerSecret one -Detailed).Value | Should -BeNullOrEmpty
        $detail = Get-ContainerSecret one -Detailed -IncludeValue
        $detail | Should -BeOfType Podsharp.Views.ContainerSecretDetail
        $detail | Format-List * | Out-String | Should -Not -Match hush
        $detail.Value | ConvertFrom-SecureString -AsPlainText | Should -Be hush
    }

    It 'is replaced or left alone, not made twice' {
        New-ContainerSecret one $Value | Out-Null
        New-ContainerSecret one $Value -ErrorVariable failed -ErrorAction SilentlyContinue
        $failed[0].FullyQualifiedErrorId | Should -Match NameInUse
        $other = ConvertTo-SecureString 'other' -AsPlainText -Force
        New-ContainerSecret one $other -IfNotExists | Out-Null
        (Get-ContainerSecret one -Detailed -IncludeValue).Value | ConvertFrom-SecureString -AsPlainText | Should -Be hush
        New-ContainerSecret one $other -Force | Out-Null
        (Get-ContainerSecret one -Detailed -IncludeValue).Value | ConvertFrom-SecureString -AsPlainText | Should -Be other
    }

    It 'is removed by name, wildcard and object' {
        'one', 'two', 'three' | ForEach-Object { New-ContainerSecret $_ $Value | Out-Null }
        Remove-ContainerSecret t* -WhatIf
        Get-ContainerSecret | Should -HaveCount 3
        Remove-ContainerSecret t*
        (Get-ContainerSecret).Name | Should -Be one
        Get-ContainerSecret one | Remove-ContainerSecret
        Get-ContainerSecret | Should -BeNullOrEmpty
        Remove-ContainerSecret one -ErrorVariable failed -ErrorAction SilentlyContinue
        $failed[0].FullyQualifiedErrorId | Should -Match SecretNotFound
        $failed[0].CategoryInfo.Category | Should -Be ObjectNotFound
    }

    It 'is given to a container' {
        $secret = New-ContainerSecret one $Value
        Invoke-ContainerImage $Image -AutoRemove -Secret 'one,type=env,target=V', @{ Secret = $secret; Target = 'own'; Mode = 0440; UserId = 5 } sh -- -c 'echo $V $(cat /run/secrets/own) $(stat -c %u:%a /run/secrets/own)' |
            Should -Be 'hush hush 5:440'
        { New-Container $Image -Secret @{ Secret = 'one'; Color = 'red' } -ErrorAction Stop } | Should -Throw '*no setting "Color"*'
        { New-Container $Image -Secret 'one,type=wonder' -ErrorAction Stop } | Should -Throw '*type wonder is invalid*'
    }

    It 'is completed by its name' {
        New-ContainerSecret one-of-many $Value | Out-Null
        (TabExpansion2 'Remove-ContainerSecret one-').CompletionMatches.CompletionText | Should -Be one-of-many
    }
}
