# Images made of containers, and containers made of containers, through the cmdlets, on the real engine.
BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    Import-TestImage
    Remove-TestContainers
}

AfterAll {
    Get-ContainerImage 'localhost/test-made*' | Remove-ContainerImage -Force
    Remove-TestContainers
}

Describe 'ConvertTo-ContainerImage' {
    BeforeAll {
        New-Container $Image -Name test-commit -Environment @{ A = 'b' } -- sh -c 'echo 1 >/added; rm /etc/group' | Start-Container | Wait-Container | Out-Null
    }

    It 'makes an image of a container and emits it' {
        $made = ConvertTo-ContainerImage test-commit localhost/test-made:1
        $made | Should -BeOfType Podsharp.Model.ContainerImage
        $made.Names | Should -Be 'localhost/test-made:1'
        Invoke-ContainerImage $made.Id -AutoRemove -- sh -c 'cat /added; ls -d /etc/group /etc/passwd 2>/dev/null; echo $A' | Should -Be '1', '/etc/passwd', 'b'
        (Get-ContainerChange -Image localhost/test-made:1).Path | Should -Be '/added', '/etc', '/etc/group'
    }

    It 'takes containers from the pipeline and changes the configuration' {
        $made = Get-Container test-commit | Commit-Container -Reference localhost/test-made:2 -Format Docker -Message 'a word' -Author me -Squash `
            -Configuration '{"Labels": {"a": "b"}}' -Change 'CMD ["cat", "/added"]', 'WORKDIR /etc'
        $made.Names | Should -Be 'localhost/test-made:2'
        $detail = Get-ContainerImage localhost/test-made:2 -Detailed
        $detail.Config.Labels['a'] | Should -Be b
        $detail.Author | Should -Be me
        $detail.Config.WorkingDirectory | Should -Be /etc
        $detail.DiffIds | Should -HaveCount 1
        Invoke-ContainerImage localhost/test-made:2 -AutoRemove | Should -Be 1
    }

    It 'makes nothing with -WhatIf' {
        $before = @(Get-ContainerImage).Count
        ConvertTo-ContainerImage test-commit localhost/test-made:3 -WhatIf
        @(Get-ContainerImage) | Should -HaveCount $before
    }

    It 'leaves a container that it froze running' {
        New-TestContainer test-commit-running | Start-Container | Out-Null
        $made = ConvertTo-ContainerImage test-commit-running localhost/test-made:4 -Pause
        $made.Names | Should -Be 'localhost/test-made:4'
        (Get-Container test-commit-running).State | Should -Be Running
    }

    It 'says what is wrong' {
        ConvertTo-ContainerImage test-none -ErrorVariable problem -ErrorAction SilentlyContinue
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'ContainerNotFound,*'
        ConvertTo-ContainerImage test-commit -Message words -ErrorVariable problem -ErrorAction SilentlyContinue
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'InvalidArgument,*'
        ConvertTo-ContainerImage test-commit -Configuration nonsense -ErrorVariable problem -ErrorAction SilentlyContinue
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'InvalidConfiguration,*'
    }
}

Describe 'Copy-Container' {
    BeforeAll { New-Container $Image -Name test-copy -Environment @{ A = 'b' } -Volume /data -Memory 64mb -- sleep 1000 | Start-Container | Out-Null }

    It 'makes a container like another one' {
        $copy = Copy-Container test-copy
        $copy | Should -BeOfType Podsharp.Model.Container
        $copy.Name | Should -Be test-copy-clone
        $copy.State | Should -Be Created
        (Copy-Container test-copy).Name | Should -Be test-copy-clone1
        $spec = (Get-Container test-copy-clone -Detailed).Spec
        $spec.Environment['A'] | Should -Be b
        $spec.Resources.Memory | Should -Be 64mb
    }

    It 'takes a name, another image and other limits' {
        ConvertTo-ContainerImage test-copy localhost/test-made:copy | Out-Null
        $copy = Get-Container test-copy | Copy-Container -NewName test-copy-other -Image localhost/test-made:copy -Memory 32mb -Start
        $copy.State | Should -Be Running
        $copy.Image | Should -Be localhost/test-made:copy
        (Get-Container test-copy-other -Detailed).Spec.Resources.Memory | Should -Be 32mb
    }

    It 'makes nothing with -WhatIf' {
        Copy-Container test-copy test-copy-never -WhatIf
        Test-Container test-copy-never | Should -BeFalse
    }

    It 'removes the other one' {
        New-TestContainer test-copy-old | Start-Container | Out-Null
        Copy-Container test-copy-old test-copy-new -Destroy -ErrorVariable problem -ErrorAction SilentlyContinue
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'InvalidState,*'
        Test-Container test-copy-new | Should -BeFalse
        (Copy-Container test-copy-old test-copy-new -Destroy -Force).Name | Should -Be test-copy-new
        Test-Container test-copy-old | Should -BeFalse
    }
}

Describe 'Get-ContainerObject' {
    BeforeAll { New-Container $Image -Name test-object -- true | Out-Null }

    It 'emits whatever has the name' {
        $found = Get-ContainerObject test-object, $Image
        $found[0] | Should -BeOfType Podsharp.Model.ContainerDetail
        $found[1] | Should -BeOfType Podsharp.Model.ContainerImageDetail
        (Get-ContainerObject $found[0].Container.Id.Substring(0, 12)).Container.Name | Should -Be test-object
    }

    It 'emits volumes' {
        New-Container $Image -Name test-object-volume -Volume test-object-data:/data -- true | Out-Null
        Get-ContainerObject test-object-data | Should -BeOfType Podsharp.Model.ContainerVolume
    }

    It 'looks for one kind only' {
        (Get-ContainerObject test-object -Type Container).Container.Name | Should -Be test-object
        Get-ContainerObject test-object -Type Image -ErrorVariable problem -ErrorAction SilentlyContinue
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'ImageNotFound,*'
    }

    It 'says what is not there' {
        Get-ContainerObject test-none -ErrorVariable problem -ErrorAction SilentlyContinue
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'ObjectNotFound,*'
    }
}

Describe 'Repair-Container' {
    It 'leaves alone what runs and emits it' {
        New-TestContainer test-repair-running | Start-Container | Out-Null
        (Repair-Container test-repair-running).State | Should -Be Running
    }

    It 'takes down what is only set up' {
        New-TestContainer test-repair | Initialize-Container | Out-Null
        (Get-Container test-repair | Repair-Container).Name | Should -Be test-repair
    }

    It 'removes what has ended with -Remove, and nothing with -WhatIf' {
        New-Container $Image -Name test-repair-ended -- true | Start-Container | Wait-Container | Out-Null
        Repair-Container test-repair-ended -Remove -WhatIf
        Test-Container test-repair-ended | Should -BeTrue
        Repair-Container test-repair-ended -Remove | Should -BeNullOrEmpty
        Test-Container test-repair-ended | Should -BeFalse
    }
}
