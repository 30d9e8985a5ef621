# Logs of several containers, log drivers, mounts of other containers, and what a container has of its host's files.
BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    Import-TestImage
    Remove-TestContainers
}

AfterAll { Remove-TestContainers }

Describe 'Logs' {
    AfterEach { Remove-TestContainers }

    It 'come in the order of time, of several containers' {
        Invoke-ContainerImage $Image -Name test-one sh -- -c 'for i in 1 2 3; do echo a$i; sleep 0.2; done' | Out-Null
        Invoke-ContainerImage $Image -Name test-two sh -- -c 'for i in 4 5 6; do echo b$i; sleep 0.1; done' | Out-Null
        (Get-ContainerLog test-two, test-one).Text | Should -Be 'a1', 'a2', 'a3', 'b4', 'b5', 'b6'
        (Get-Container 'test-*' | Get-ContainerLog -Tail 1).Text | Should -Be 'a3', 'b6'
        $lines = Get-ContainerLog 'test-*'
        $lines.Container | Select-Object -Unique | Should -Be 'test-one', 'test-two'
        ($lines | Sort-Object Time -Stable).Text | Should -Be $lines.Text
    }

    It 'of the others come even if one can''t be read' {
        Invoke-ContainerImage $Image -Name test-one echo here | Out-Null
        $lines = Get-ContainerLog test-nothing, test-one -ErrorVariable problem -ErrorAction SilentlyContinue
        $lines.Text | Should -Be 'here'
        $problem | Should -HaveCount 1
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'ContainerNotFound,*'
        $problem[0].TargetObject | Should -Be 'test-nothing'
    }

    It 'are followed together to the end' {
        New-Container $Image -Name test-one sh -- -c 'for i in 1 3; do echo $i; sleep 0.8; done' | Out-Null
        New-Container $Image -Name test-two sh -- -c 'sleep 0.4; for i in 2 4; do echo $i; sleep 0.8; done' | Out-Null
        Start-Container test-one, test-two | Out-Null
        (Get-ContainerLog test-one, test-two -Follow).Text | Should -Be '1', '2', '3', '4'
    }

    It 'go where they are told' {
        $path = "$TestDrive/container.log"
        Invoke-ContainerImage $Image -Name test-file -LogDriver json-file -LogOption @{ path = $path } echo written | Out-Null
        Get-Content $path | Should -Match 'stdout F written$'
        (Get-ContainerLog test-file).Text | Should -Be 'written'
        Invoke-ContainerImage $Image -Name test-none -LogDriver none echo hidden | Out-Null
        Get-ContainerLog test-none -ErrorVariable problem -ErrorAction SilentlyContinue
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'Unsupported,*'
        New-Container $Image -LogOption @{ nonsense = 1 } true -ErrorVariable problem -ErrorAction SilentlyContinue
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'InvalidArgument,*'
        (TabExpansion2 'New-Container x -LogDriver ').CompletionMatches.CompletionText | Should -Contain 'journald'
    }
}

Describe 'Mounts and files' {
    AfterEach { Remove-TestContainers }

    It 'come from other containers' {
        New-Item -ItemType Directory "$TestDrive/shared" -Force | Out-Null
        'text' | Set-Content "$TestDrive/shared/file"
        $source = New-Container $Image -Name test-source -Volume "$TestDrive/shared:/shared", '/own' true
        Invoke-ContainerImage $Image -AutoRemove -VolumeFrom $source cat /shared/file | Should -Be 'text'
        Invoke-ContainerImage $Image -AutoRemove -VolumeFrom 'test-source:ro' sh -- -c 'echo x >/shared/file'
        $LASTEXITCODE | Should -Not -Be 0
        New-Container $Image -VolumeFrom 'test-source:nosuid' true -ErrorVariable problem -ErrorAction SilentlyContinue
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'InvalidArgument,*'
    }

    It 'are as the host''s or the image''s' {
        '1.2.3.4 elsewhere' | Set-Content "$TestDrive/hosts"
        Invoke-ContainerImage $Image -AutoRemove -HostsFile "$TestDrive/hosts" grep -- -c elsewhere /etc/hosts | Should -Be 1
        Invoke-ContainerImage $Image -AutoRemove -NoHostName sh -- -c 'grep -c /etc/hostname /proc/self/mountinfo' | Should -Be 0
        Invoke-ContainerImage $Image -AutoRemove -ChrootDirectory /inner sh -- -c 'test -s /inner/etc/hosts && echo there' | Should -Be 'there'
        Invoke-ContainerImage $Image -AutoRemove -EnvironmentMerge @{ PATH = '${PATH}:/more' } sh -- -c 'echo $PATH' | Should -BeLike '*/bin:/more'
    }

    It 'of a root file system stay as they are below a layer' {
        New-Item -ItemType Directory "$TestDrive/root" -Force | Out-Null
        tar xf $ImageTar -C "$TestDrive/root"
        Invoke-ContainerImage -RootFileSystem "$TestDrive/root:O" -AutoRemove sh -- -c 'echo x >/made; cat /made' | Should -Be 'x'
        Test-Path "$TestDrive/root/made" | Should -BeFalse
    }

    It 'go with the image, if that is asked for' {
        Import-ContainerImage $ImageTar -FileSystem -Reference localhost/once:test | Out-Null
        Invoke-ContainerImage localhost/once:test -AutoRemoveImage echo ran | Should -Be 'ran'
        Test-ContainerImage localhost/once:test | Should -BeFalse
    }

    It 'has no one to tell that it is ready, unless asked to' {
        $env:NOTIFY_SOCKET = '/no/such'
        try {
            Invoke-ContainerImage $Image -AutoRemove sh -- -c 'echo "<$NOTIFY_SOCKET>"' | Should -Be '<>'
            Invoke-ContainerImage $Image -AutoRemove -SdNotify Conmon echo runs | Should -Be 'runs'
        } finally { Remove-Item env:NOTIFY_SOCKET }
    }
}
