# Health checks through the cmdlets, on the real engine.
BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    Import-TestImage
    Remove-TestContainers
}

AfterAll { Remove-TestContainers }

Describe 'Health checks' {
    AfterEach { Remove-TestContainers }

    It 'are run by themselves, and waited for in a pipeline' {
        $healthy = New-TestContainer test-self @{ HealthCommand = 'test -f /ok'; HealthInterval = '200ms'; HealthRetry = 1 } | Start-Container
        (Wait-Container test-self -Condition Unhealthy -Timeout 20).State | Should -Be Running
        Invoke-ContainerCommand test-self -- touch /ok
        $healthy | Wait-Container -Condition Healthy -Timeout 20 | Should -HaveCount 1
        (Get-Container test-self).Health | Should -Be Healthy
        (Get-Container test-self -Detail).Health.Log[-1].ExitCode | Should -Be 0
    }

    It 'are run by Test-ContainerHealth, which emits what they found' {
        New-TestContainer test-asked @{ HealthCommand = 'sh', '-c', 'echo found; exit 3'; HealthInterval = 0; HealthRetry = 2 } | Start-Container | Out-Null
        $result = Test-ContainerHealth test-asked
        $result | Should -BeOfType Podsharp.Model.HealthCheckResult
        $result.Passed | Should -BeFalse
        $result.Output | Should -Be "found`n"
        $result.Status | Should -Be Starting
        Get-Container test-asked | Test-ContainerHealth -Quiet | Should -BeFalse
        (Test-ContainerHealth 'test-*').Status | Should -Be Unhealthy
        (Get-Container test-asked | Format-Table | Out-String) | Should -Match 'unhealthy'
        ($result | Out-String -Width 120) | Should -Match 'test-asked +False'
    }

    It 'are an error where there is none' {
        New-TestContainer test-none | Start-Container | Out-Null
        { Test-ContainerHealth test-none -ErrorAction Stop } | Should -Throw '*has no defined healthcheck*'
        { Wait-Container test-none -Condition Healthy -ErrorAction Stop } | Should -Throw '*has no healthcheck*'
        Test-ContainerHealth 'test-*' | Should -BeNullOrEmpty
    }

    It 'are changed by Set-Container' {
        New-TestContainer test-changed @{ HealthCommand = 'exit 1'; HealthInterval = [TimeSpan]::FromMinutes(1) } | Start-Container | Out-Null
        Set-Container test-changed -HealthCommand true -HealthInterval 1 -HealthOnFailure Kill
        Wait-Container test-changed -Condition Healthy -Timeout 20 | Out-Null
        $config = (Get-Container test-changed -Detail).HealthConfig
        $config.Check.Interval | Should -Be ([TimeSpan]::FromSeconds(1))
        $config.OnFailure | Should -Be Kill
        (Set-Container test-changed -NoHealthCheck).Health | Should -Be None
    }

    It 'are refused where they make no sense' {
        { New-TestContainer test-wrong @{ HealthCommand = 'true'; HealthTimeout = 'soon' } } | Should -Throw '*invalid duration "soon"*'
        { New-TestContainer test-wrong @{ HealthStartupCommand = 'true' } } | Should -Throw '*no regular healthcheck*'
        { New-TestContainer test-wrong @{ SdNotify = 'Healthy' } } | Should -Throw '*requires a healthcheck*'
        Get-Container 'test-*' | Should -BeNullOrEmpty
    }
}

Describe 'Requirements' {
    AfterEach { Get-Container 'test-*' | Remove-Container -Force -Timeout 0 }

    It 'are started first, and waited for' {
        $db = New-Container $Image -Name test-db -HealthCommand 'test -f /ok' -HealthInterval 100ms -- sh -c 'sleep 1; touch /ok; sleep 300'
        $job = New-Container $Image true -Name test-job
        $web = New-TestContainer test-web @{ Requires = 'test-db:Healthy', "$($job.Id):completed" } | Start-Container
        $web.State | Should -Be Running
        (Get-Container test-db).Health | Should -Be Healthy
        (Get-Container test-job).ExitCode | Should -Be 0
        (Get-Container test-web -Detail).Spec.Requires[0].Container | Should -Be $db.Id
    }

    It 'keep what is required from being removed' {
        $base = New-TestContainer test-base
        New-TestContainer test-user @{ Requires = $base } | Out-Null
        { Remove-Container test-base -ErrorAction Stop } | Should -Throw -ErrorId 'ContainerRequired,*'
        Remove-Container test-base -Depend
        Get-Container 'test-*' | Should -BeNullOrEmpty
        # In whatever order they come.
        $base = New-TestContainer test-base
        $user = New-TestContainer test-user @{ Requires = $base }
        $last = New-TestContainer test-last @{ Requires = $user }
        $base, $user, $last | Remove-Container -ThrottleLimit 1
        Get-Container 'test-*' | Should -BeNullOrEmpty
        $base = New-TestContainer test-base
        New-TestContainer test-user @{ Requires = $base } | Start-Container | Out-Null
        'test-base', 'test-user' | Remove-Container -ErrorAction SilentlyContinue -ErrorVariable refused
        $refused.FullyQualifiedErrorId | Sort-Object | Should -Be 'ContainerRequired,Podsharp.Commands.RemoveContainerCommand', 'InvalidState,Podsharp.Commands.RemoveContainerCommand'
        { New-TestContainer test-wrong @{ Requires = 'test-base:Soon' } } | Should -Throw '*not a condition of a required container*'
    }
}
