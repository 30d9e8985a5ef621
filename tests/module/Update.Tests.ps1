# Set-Container and restart policies through the cmdlets, on the real engine.
BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    Import-TestImage
    Remove-TestContainers
    function Wait-Until([scriptblock] $Condition, [int] $Seconds = 10) {
        $end = [DateTime]::UtcNow.AddSeconds($Seconds)
        while (-not (& $Condition)) {
            if ([DateTime]::UtcNow -gt $end) { throw "in vain: $Condition" }
            Start-Sleep -Milliseconds 50
        }
    }
}

AfterAll { Remove-TestContainers }

Describe 'Set-Container' {
    AfterEach { Remove-TestContainers }

    It 'changes limits of what runs and emits it' {
        $container = New-TestContainer test-set @{ Memory = 64mb } | Start-Container
        $set = $container | Set-Container -Memory 128mb -Cpu 0.5
        $set | Should -BeOfType Podsharp.Model.Container
        $set.State | Should -Be Running
        $detail = Get-Container test-set -Detail
        $detail.Spec.Resources.Memory | Should -Be 128mb
        $detail.Spec.Resources.Cpus | Should -Be 0.5
        Set-Container test-set -Memory 0
        (Get-Container test-set -Detail).Spec.Resources.Memory | Should -BeNullOrEmpty
    }

    It 'takes several, by wildcard' {
        1..3 | ForEach-Object { New-TestContainer "test-many$_" } | Out-Null
        Set-Container 'test-many*' -RestartPolicy OnFailure:3 | Should -HaveCount 3
        (Get-Container test-many2).RestartPolicy.ToString() | Should -Be 'on-failure:3'
    }

    It 'sets and removes variables for the next start' {
        New-TestContainer test-env @{ Environment = @{ OLD = 1; KEPT = 1 } } | Start-Container |
            Set-Container -Environment @{ NEW = 2; KEPT = 3 } -RemoveEnvironment OLD | Restart-Container -Timeout 0 | Out-Null
        Invoke-ContainerCommand test-env -- sh -c 'echo $OLD $NEW $KEPT' | Should -Be '2 3'
    }

    It 'changes nothing with -WhatIf' {
        New-TestContainer test-whatif | Out-Null
        Set-Container test-whatif -Memory 64mb -WhatIf
        (Get-Container test-whatif -Detail).Spec.Resources.Memory | Should -BeNullOrEmpty
    }

    It 'refuses to change nothing, and a wrong policy' {
        New-TestContainer test-nothing | Out-Null
        { Set-Container test-nothing } | Should -Throw -ErrorId 'InvalidArgument,*'
        { Set-Container test-nothing -RestartPolicy Sometimes } | Should -Throw '*not a valid restart policy*'
        (Get-Container test-nothing).RestartPolicy.Kind | Should -Be No
    }

    It 'completes policies' {
        $text = 'Set-Container x -RestartPolicy Un'
        (TabExpansion2 $text $text.Length).CompletionMatches.CompletionText | Should -Be UnlessStopped
    }
}

Describe 'Measure-Container -Continuous' {
    AfterEach { Remove-TestContainers }

    It 'goes on until the pipeline has enough, with shares since the measurement before' {
        New-TestContainer test-idle | Start-Container | Out-Null
        $usages = Measure-Container test-idle -Continuous -Interval 1 | Select-Object -First 3
        $usages | Should -HaveCount 3
        $usages[0] | Should -BeOfType Podsharp.Model.ContainerUsage
        ($usages[2].Time - $usages[1].Time).TotalSeconds | Should -BeGreaterThan 0.9
        $usages[2].CpuPercent | Should -BeLessThan 20
    }

    It 'finds what comes meanwhile' {
        New-TestContainer test-early | Start-Container | Out-Null
        New-TestContainer test-late | Out-Null
        $names = Measure-Container 'test-*' -Continuous -Interval 1 | ForEach-Object {
            if ($_.Name -eq 'test-early') { Start-Container test-late | Out-Null }
            $_.Name
        } | Select-Object -First 4
        $names[0] | Should -Be test-early
        $names | Should -Contain test-late
    }
}

Describe 'A restart policy' {
    AfterEach { Remove-TestContainers }

    It 'starts a container again with no session at work' {
        New-Container $Image -Name test-loop -RestartPolicy Always -WarningAction SilentlyContinue -- sh -c 'exit 3' | Start-Container | Out-Null
        Wait-Until { (Get-Container test-loop).RestartCount -ge 3 }
        Wait-Until { $script:waiting = Get-Container test-loop; $waiting.State -eq 'Exited' -and $waiting.ExitCode -eq 3 -and $waiting.NextStart }
        $waiting | Out-String | Should -Match 'Restarting \(3\)'
        { Remove-Container test-loop -Confirm:$false } | Should -Throw '*about to start it again*'
        $stopped = Stop-Container test-loop
        $stopped.NextStart | Should -BeNullOrEmpty
        $count = $stopped.RestartCount
        Start-Sleep -Seconds 2
        (Get-Container test-loop).RestartCount | Should -Be $count
    }

    It 'is podman''s filter' {
        New-Container $Image -Name test-one -RestartPolicy UnlessStopped -WarningAction SilentlyContinue -- true | Out-Null
        New-TestContainer test-other | Out-Null
        (Get-Container -Filter @{ 'restart-policy' = 'unless-stopped' }).Name | Should -Be test-one
    }

    It 'does not go with -AutoRemove' {
        { New-Container $Image -Name test-both -AutoRemove -RestartPolicy Always } | Should -Throw '*conflicts*'
    }
}
