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
