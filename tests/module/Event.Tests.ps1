# Events through the cmdlets, on the real engine.
BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    Import-TestImage
    Remove-TestContainers

    # Has the session's events handled until a condition holds.
    function Wait-For([scriptblock] $Condition, [int] $Seconds = 15) {
        $end = [datetime]::UtcNow.AddSeconds($Seconds)
        while (-not (& $Condition)) {
            if ([datetime]::UtcNow -gt $end) { throw "in vain: $Condition" }
            Start-Sleep -Milliseconds 50
        }
    }
}

AfterAll {
    Get-EventSubscriber | Unregister-Event
    Remove-TestContainers
}

Describe 'Get-ContainerEvent' {
    BeforeAll {
        $begin = [DateTimeOffset]::Now
        New-Container $Image -Name test-event -Label @{ a = 'b'; c = 'd' } -- sh -c 'exit 3' | Start-Container | Wait-Container | Out-Null
        Remove-Container test-event
    }

    It 'emits what happened, in order' {
        $events = Get-ContainerEvent -Container test-event -Since $begin
        $events | Should -BeOfType Podsharp.Model.EngineEvent
        ($events.Status -join ',') | Should -Be 'create,init,start,died,cleanup,remove'
        ($events | Where-Object Status -EQ died).ExitCode | Should -Be 3
        $events[0].Attributes['a'] | Should -Be b
        $events[0].Image | Should -Be $Image
    }

    It 'takes several statuses for alternatives, and wants all labels' {
        (Get-ContainerEvent died, create -Container test-event -Since $begin).Status | Should -Be create, died
        (Get-ContainerEvent create -Label a=b, c -Since $begin).Name | Should -Be test-event
        Get-ContainerEvent create -Label a=b, x -Since $begin | Should -BeNullOrEmpty
        (Get-ContainerEvent create -Label @{ a = 'b' } -Since $begin).Name | Should -Be test-event
    }

    It 'reads a time and podman filters' {
        Get-ContainerEvent -Until $begin | Where-Object Time -GT $begin | Should -BeNullOrEmpty
        (Get-ContainerEvent -Filter @{ event = 'died'; container = 'test-event' } -Since $begin).ExitCode | Should -Be 3
        Get-ContainerEvent -Filter @{ nonsense = 1 } -ErrorVariable problem -ErrorAction SilentlyContinue
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'InvalidArgument,*'
    }

    It 'finds pods, their containers, volumes and networks' {
        $pod = New-Pod -Name test-event-pod
        New-Container $Image -Name test-event-member -Pod test-event-pod -- true | Out-Null
        Remove-Pod test-event-pod -Force
        New-ContainerVolume test-event-volume | Remove-ContainerVolume
        New-ContainerNetwork test-event-network | Remove-ContainerNetwork
        (Get-ContainerEvent -Pod test-event-pod -Since $begin).Status | Should -Be create, remove
        (Get-ContainerEvent -Pod $pod -Since $begin).Count | Should -Be 2
        (Get-ContainerEvent create -Container test-event-member -Since $begin).PodId | Should -Be $pod.Id
        (Get-ContainerEvent -Volume test-event-vol -Since $begin).Status | Should -Be create, remove
        (Get-ContainerEvent -Network test-event-network -Since $begin).Status | Should -Be create, remove
    }

    It 'shows itself as a table' {
        Get-ContainerEvent died -Container test-event -Since $begin | Out-String -Width 120 | Should -Match 'container +died +test-event .*exit code 3'
    }
}

Describe 'Watch-ContainerEvent' {
    It 'emits events as they happen until the pipeline has enough' {
        $job = Start-ThreadJob -ArgumentList $ModulePath {
            Import-Module $args[0]
            Watch-ContainerEvent create -Container test-watch | Select-Object -First 1
        }
        # Whether it has begun can't be seen from here: until it answers, containers come and go.
        Wait-For { New-Container $Image -Name test-watch -- true | Remove-Container; $job.State -eq 'Completed' } 30
        ($job | Receive-Job).Name | Should -Be test-watch
    }

    It 'ends after -Timeout without an error, and begins with -Since' {
        $begin = [DateTimeOffset]::Now
        New-Container $Image -Name test-watch -- true | Remove-Container
        $events = Watch-ContainerEvent -Container test-watch -Since $begin -Timeout 0:0:1 -ErrorAction Stop
        $events.Status | Should -Be create, remove
    }
}

Describe 'Register-ContainerEvent' {
    AfterEach { Get-EventSubscriber | Unregister-Event }

    It 'runs a script block for each event and misses none' {
        $global:seen = [System.Collections.Generic.List[object]]::new()
        $job = Register-ContainerEvent create -SourceIdentifier mine -MessageData tag -Action {
            $global:seen.Add(@($Event.EventIdentifier, $EventArgs.Name, $Event.SourceEventArgs.Event.Status, $Event.MessageData, $Event.SourceIdentifier))
        }
        $job | Should -BeOfType System.Management.Automation.PSEventJob
        (Get-EventSubscriber mine).SourceObject.IsRunning | Should -BeTrue
        1..30 | ForEach-Object { New-Container $Image -Name "test-reg$_" -- true } | Remove-Container
        Wait-For { $global:seen.Count -ge 30 }
        # PowerShell may begin a script block while another is being prepared; the numbers tell in which order the events came.
        $global:seen | Sort-Object { $_[0] } | ForEach-Object { $_[1] } | Should -Be (1..30).ForEach({ "test-reg$_" })
        $global:seen[0][2..4] | Should -Be create, tag, mine
    }

    It 'leaves nothing running when it is unregistered' {
        Register-ContainerEvent -SourceIdentifier mine -Action { } | Out-Null
        $source = (Get-EventSubscriber mine).SourceObject
        Unregister-Event mine
        Wait-For { -not $source.IsRunning }
        Get-EventSubscriber | Should -BeNullOrEmpty
    }

    It 'ends after -MaxTriggerCount' {
        $global:count = 0
        Register-ContainerEvent create -SourceIdentifier mine -MaxTriggerCount 2 -Action { $global:count++ } | Out-Null
        $source = (Get-EventSubscriber mine).SourceObject
        1..4 | ForEach-Object { New-Container $Image -Name "test-max$_" -- true } | Remove-Container
        Wait-For { -not $source.IsRunning }
        Wait-For { $global:count -ge 2 }
        Start-Sleep -Milliseconds 300
        $global:count | Should -Be 2
        Get-Event | Should -BeNullOrEmpty
        Get-EventSubscriber | Should -BeNullOrEmpty
    }

    It 'ends with its session' {
        $shell = [powershell]::Create()
        $source = $shell.AddScript("Import-Module '$ModulePath'; Register-ContainerEvent -Action { } | Out-Null; (Get-EventSubscriber).SourceObject").Invoke()[0]
        $source.IsRunning | Should -BeTrue
        $shell.Runspace.Dispose()
        $shell.Dispose()
        Wait-For { -not $source.IsRunning }
    }

    It 'queues events without a script block' {
        Register-ContainerEvent create -Container test-queue -SourceIdentifier mine | Should -BeNullOrEmpty
        New-Container $Image -Name test-queue -- true | Remove-Container
        $event = Wait-Event mine -Timeout 15
        $event.SourceEventArgs.Name | Should -Be test-queue
        $event | Remove-Event
    }

    It 'refuses a name that is taken, and filters that do not exist' {
        Register-ContainerEvent -SourceIdentifier mine -Action { } | Out-Null
        { Register-ContainerEvent -SourceIdentifier mine -Action { } } | Should -Throw -ErrorId 'NameInUse,*'
        Register-ContainerEvent -Filter @{ nonsense = 1 } -Action { } -ErrorVariable problem -ErrorAction SilentlyContinue
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'InvalidArgument,*'
        @(Get-EventSubscriber).Count | Should -Be 1
    }

    It 'does nothing with -WhatIf' {
        Register-ContainerEvent -Action { } -WhatIf
        Get-EventSubscriber | Should -BeNullOrEmpty
    }
}
