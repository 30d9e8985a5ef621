# Checkpoints in archives and images through the cmdlets, on real CRIU.
BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    Import-TestImage
    Remove-TestContainers
    function New-CountingContainer([string] $Name) {
        New-Container $Image -Name $Name -- sh -c 'i=0; while :; do i=$((i+1)); echo $i; sleep 0.05; done' | Start-Container
    }
    function Get-Count([string] $Name) { [int] (Get-ContainerLog $Name -Tail 1 | Select-Object -Last 1).Text }
    function Wait-Count([string] $Name, [int] $More = 3) {
        $wanted = (Get-Count $Name) + $More
        foreach ($try in 1..200) { if ((Get-Count $Name) -ge $wanted) { return }; Start-Sleep -Milliseconds 50 }
        throw "$Name doesn't count"
    }
}

AfterAll { Remove-TestContainers }

Describe 'Archives of checkpoints' {
    BeforeEach { $archives = New-Item -ItemType Directory (Join-Path $TestDrive (New-Guid)) }
    AfterEach { Remove-TestContainers }

    It 'are written and restored from' {
        New-CountingContainer test-moves | Out-Null
        $id = (Get-Container test-moves).Id
        $path = Join-Path $archives 'moves.tar'
        $checkpoint = Checkpoint-Container test-moves -Path $path -Compression Gzip
        $checkpoint.ArchivePath | Should -Be $path
        [IO.File]::GetUnixFileMode($path) | Should -Be ([IO.UnixFileMode] 'UserRead, UserWrite')
        Get-Container test-moves | Remove-Container
        $restored = Restore-Container -Path $path
        $restored.Id | Should -Be $id
        $restored.State | Should -Be Running
        Wait-Count test-moves
        Checkpoint-Container test-moves -Path $path -NoClobber -ErrorAction SilentlyContinue -ErrorVariable problem | Out-Null
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'FileExists,*'
    }

    It 'go through a pipeline, one for each container' {
        'test-one', 'test-two' | ForEach-Object { New-CountingContainer $_ | Out-Null }
        Get-Container test-one, test-two | Checkpoint-Container -Path $archives | Should -HaveCount 2
        Get-ChildItem $archives | ForEach-Object Name | Should -Be 'test-one.tar.zst', 'test-two.tar.zst'
        Remove-Container test-one, test-two
        $restored = Get-ChildItem $archives | Restore-Container
        $restored | Should -HaveCount 2
        $restored.State | Should -Be Running, Running
        Remove-Container test-one, test-two -Force
        Restore-Container -Path (Join-Path $archives '*.zst') -WhatIf | Should -BeNullOrEmpty
        Get-Container test-one -ErrorAction Ignore | Should -BeNullOrEmpty
        Restore-Container -Path (Join-Path $archives '*.zst') | Should -HaveCount 2
    }

    It 'make several containers of one' {
        New-CountingContainer test-first | Out-Null
        $path = Join-Path $archives 'first'
        Checkpoint-Container test-first -LeaveRunning -Path $path | Out-Null
        $second = Restore-Container -Path $path -NewName test-second -Publish 127.0.0.1:7821:80
        $second.Name | Should -Be test-second
        $second.Ports[0].HostPort | Should -Be 7821
        $second.Id | Should -Not -Be (Get-Container test-first).Id
        Wait-Count test-first
        Wait-Count test-second
    }

    It 'are images, too' {
        New-CountingContainer test-image | Out-Null
        (Checkpoint-Container test-image -ImageName localhost/test-checkpoint).ImageId | Should -Match '^[0-9a-f]{64}$'
        Remove-Container test-image
        (Restore-Container -Image localhost/test-checkpoint).Name | Should -Be test-image
        Remove-Container test-image -Force
        Remove-ContainerImage localhost/test-checkpoint
        { Restore-Container -Image $Image -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidArgument,*'
    }

    It 'are refused where they are none' {
        $path = Join-Path $archives 'text'
        Set-Content $path 'no archive'
        { Restore-Container -Path $path -ErrorAction Stop } | Should -Throw -ErrorId 'ArchiveCorrupt,*'
        { Restore-Container -Path (Join-Path $archives nothing) -ErrorAction Stop } | Should -Throw -ErrorId 'ArchiveNotFound,*'
    }

    It 'take all that run, and bring all back' {
        'test-one', 'test-two' | ForEach-Object { New-CountingContainer $_ | Out-Null }
        New-TestContainer test-never | Out-Null
        Checkpoint-Container -All | Should -HaveCount 2
        Restore-Container -All | ForEach-Object Name | Sort-Object | Should -Be test-one, test-two
        (Get-Container test-never).State | Should -Be Created
    }
}
