# Checkpoints through the cmdlets, on real CRIU.
BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    Import-TestImage
    Remove-TestContainers
    function New-CountingContainer([string] $Name) {
        New-Container $Image -Name $Name -- sh -c 'i=0; while :; do i=$((i+1)); echo $i; sleep 0.05; done' | Start-Container
    }
}

AfterAll { Remove-TestContainers }

Describe 'Checkpoint-Container and Restore-Container' {
    AfterEach { Remove-TestContainers }

    It 'go back and forth in a pipeline' {
        New-CountingContainer test-forth | Out-Null
        $checkpoint = Checkpoint-Container test-forth
        $checkpoint | Should -BeOfType Podsharp.Model.ContainerCheckpoint
        $checkpoint.Statistics.FrozenTime | Should -BeGreaterThan ([TimeSpan]::Zero)
        $checkpoint.Statistics.PagesWritten | Should -BeGreaterThan 0
        $checkpoint.Size | Should -BeGreaterThan 0
        $checkpoint.IsRunning | Should -BeFalse
        ($checkpoint | Out-String) | Should -Match 'test-forth'
        (Get-Container test-forth).Checkpointed | Should -BeOfType DateTimeOffset
        $restored = $checkpoint | Restore-Container
        $restored | Should -BeOfType Podsharp.Model.Container
        $restored.State | Should -Be Running
        $restored.Checkpointed | Should -BeNullOrEmpty
        (Get-Container test-forth | Checkpoint-Container | Restore-Container).State | Should -Be Running
    }

    It 'let it run on, and ask first' {
        New-CountingContainer test-on | Out-Null
        (Checkpoint-Container test-on -LeaveRunning).IsRunning | Should -BeTrue
        (Get-Container test-on).State | Should -Be Running
        Checkpoint-Container test-on -WhatIf | Should -BeNullOrEmpty
        (Get-Container test-on).State | Should -Be Running
    }

    It 'find by a wildcard what they can do something about' {
        New-CountingContainer test-wild1 | Out-Null
        New-CountingContainer test-wild2 | Out-Null
        New-TestContainer test-wild3 | Out-Null
        Get-Container 'test-wild*' -State Running | Checkpoint-Container | Should -HaveCount 2
        Restore-Container 'test-wild*' | Should -HaveCount 2
    }

    It 'fail with errors that can be told apart' {
        New-TestContainer test-bare | Out-Null
        { Checkpoint-Container test-bare -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidState,*'
        { Restore-Container test-bare -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidState,*'
        { Checkpoint-Container test-nonesuch -ErrorAction Stop } | Should -Throw -ErrorId 'ContainerNotFound,*'
    }
}
