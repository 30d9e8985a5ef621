# Containers through the cmdlets, on the real engine.
BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    Import-TestImage
    Remove-TestContainers
}

AfterAll { Remove-TestContainers }

Describe 'A container''s life' {
    AfterEach { Remove-TestContainers }

    It 'goes through one pipeline' {
        $created = New-TestContainer test-life
        $created | Should -BeOfType Podsharp.Model.Container
        $created.State | Should -Be Created
        $running = $created | Start-Container
        $running.State | Should -Be Running
        $running.Pid | Should -BeGreaterThan 0
        $running.Uptime | Should -BeOfType TimeSpan
        $stopped = $running | Stop-Container
        $stopped.State | Should -BeIn Stopped, Exited
        $stopped.ExitCode | Should -Be 0
        $stopped | Remove-Container | Should -BeNullOrEmpty
        Test-Container test-life | Should -BeFalse
    }

    It 'takes fifty at once, without one lost' {
        1..50 | ForEach-Object { New-TestContainer "test-bulk$_" } | Start-Container | Should -HaveCount 50
        @(Get-Container 'test-bulk*' -State Running) | Should -HaveCount 50
        $stopped = Get-Container 'test-bulk*' | Stop-Container -Timeout 0
        @($stopped) | Should -HaveCount 50
        $stopped | Remove-Container
        Get-Container 'test-bulk*' | Should -BeNullOrEmpty
    }

    It 'takes no offence at one that went by itself when it is forced' {
        $gone = New-TestContainer test-gone
        $gone | Remove-Container
        $gone | Remove-Container -Force -ErrorAction Stop
        { $gone | Remove-Container -ErrorAction Stop } | Should -Throw -ErrorId 'ContainerNotFound,*'
        { Remove-Container test-gone -Force -ErrorAction Stop } | Should -Throw -ErrorId 'ContainerNotFound,*'
    }

    It 'runs in parallel runspaces' {
        1..10 | ForEach-Object -Parallel {
            . "$using:PSScriptRoot/Common.ps1"
            New-TestContainer "test-parallel$_" | Start-Container
        } | Should -HaveCount 10
    }

    It 'restarts' {
        $first = New-TestContainer test-restart | Start-Container
        $second = $first | Restart-Container
        $second.State | Should -Be Running
        $second.Pid | Should -Not -Be $first.Pid
    }

    It 'ends with an exit code that can be waited for' {
        $exit = New-Container $Image -Name test-exit -- sh -c 'exit 3' | Start-Container | Wait-Container -Timeout 30
        $exit | Should -BeOfType Podsharp.Model.ContainerExit
        $exit.ExitCode | Should -Be 3
        (Get-Container test-exit).ExitCode | Should -Be 3
    }

    It 'gives up waiting with an error of its own' {
        New-TestContainer test-slow | Start-Container | Wait-Container -Timeout 1 -ErrorVariable problem -ErrorAction SilentlyContinue
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'WaitTimeout,*'
        $problem[0].CategoryInfo.Category | Should -Be OperationTimeout
    }

    It 'removes itself with -AutoRemove' {
        New-Container $Image -Name test-auto -AutoRemove true | Start-Container | Out-Null
        Wait-Container test-auto -Condition Removed -Timeout 30 -ErrorAction Ignore
        Test-Container test-auto | Should -BeFalse
    }

    It 'freezes and goes on' {
        $paused = New-TestContainer test-pause | Start-Container | Suspend-Container
        $paused.State | Should -Be Paused
        { Invoke-ContainerCommand test-pause -ErrorAction Stop -- true } | Should -Throw '*paused*'
        Get-Container -State Paused | Resume-Container | ForEach-Object State | Should -Be Running
        { Resume-Container test-pause -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidState,*'
        Suspend-Container test-pause -WhatIf
        (Get-Container test-pause).State | Should -Be Running
    }

    It 'takes another name' {
        $renamed = New-TestContainer test-name | Rename-Container -NewName test-renamed
        $renamed.Name | Should -Be test-renamed
        Test-Container test-name | Should -BeFalse
        New-TestContainer test-name | Out-Null
        { Rename-Container test-name test-renamed -ErrorAction Stop } | Should -Throw -ErrorId 'NameInUse,*'
    }

    It 'is set up before it starts' {
        $ready = New-TestContainer test-init | Initialize-Container
        $ready.State | Should -Be Initialized
        ($ready | Start-Container).State | Should -Be Running
    }

    It 'tells its ports one by one' {
        New-Container $Image -Name test-port -Publish 18090:80, 127.0.0.1:18100-18101:100-101/udp -- sleep 100 | Out-Null
        $ports = Get-ContainerPort test-port
        $ports | Should -HaveCount 3
        $ports[0] | Should -BeOfType Podsharp.Model.PortMapping
        (Get-ContainerPort test-port 80).HostPort | Should -Be 18090
        (Get-Container test-port | Get-ContainerPort -Protocol udp).HostPort | Should -Be 18100, 18101
    }

    It 'goes when it is not used' {
        New-TestContainer test-used | Start-Container | Out-Null
        New-TestContainer test-unused -With @{ Label = 'sort=test' } | Out-Null
        New-TestContainer test-other | Out-Null
        Remove-Container -Unused -WhatIf
        Test-Container test-unused | Should -BeTrue
        Remove-Container -Unused -Label sort=test | Should -BeNullOrEmpty
        Get-Container 'test-*' | ForEach-Object Name | Should -Be test-used, test-other
        Remove-Container -Unused -Filter @{ until = '1h' }
        Test-Container test-other | Should -BeTrue
        { Remove-Container -Unused -Filter @{ status = 'exited' } -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidArgument,*'
    }

    It 'can be waited for in any state' {
        New-TestContainer test-wait | Out-Null
        (Wait-Container test-wait -Condition Created -Timeout 5).State | Should -Be Created
        Start-Container test-wait | Suspend-Container | Out-Null
        (Wait-Container test-wait -Condition Paused, Exited -Timeout 5).State | Should -Be Paused
    }

    It 'takes signals' {
        New-TestContainer test-signal | Start-Container | Out-Null
        # Not before its shell has set the trap: the first process of a container ignores what it does not handle.
        Invoke-ContainerCommand test-signal -- sh -c 'until ps | grep -q "[s]leep 1000"; do sleep 0.1; done'
        Send-ContainerSignal test-signal TERM
        (Wait-Container test-signal -Timeout 30).ExitCode | Should -Be 0
    }
}

Describe 'What New-Container understands' {
    AfterEach { Remove-TestContainers }

    It 'takes objects and podman''s words alike' {
        New-Container $Image -Name test-words -Memory 64m -Environment 'A=1', 'B=x=y' -Label k=v -Publish '8080:80', '127.0.0.1:5353:53/udp' -Tmpfs /t -Ulimit nofile=100:200 true | Out-Null
        New-Container $Image -Name test-objects -Memory 64mb -Environment @{ A = 1; B = 'x=y' } -Label @{ k = 'v' } `
            -Publish @{ HostPort = 8080; ContainerPort = 80 }, @{ HostIp = '127.0.0.1'; HostPort = 5353; ContainerPort = 53; Protocol = 'udp' } `
            -Tmpfs @{ Target = '/t' } -Ulimit @{ nofile = '100:200' } true | Out-Null
        $words = (Get-Container test-words -Detailed).Spec
        $objects = (Get-Container test-objects -Detailed).Spec
        $words.Resources.Memory | Should -Be 67108864
        $objects.Resources | Should -Be $words.Resources
        ($objects.Ports | Out-String) | Should -Be ($words.Ports | Out-String)
        $objects.Environment['B'] | Should -Be 'x=y'
        $objects.Environment['A'] | Should -Be $words.Environment['A']
        $objects.Mounts[0].Target | Should -Be $words.Mounts[0].Target
        $objects.Ulimits | Should -Be $words.Ulimits
    }

    It 'takes relative paths from PowerShell''s location' {
        $folder = New-Item -ItemType Directory (Join-Path $TestDrive 'shared')
        Set-Content (Join-Path $folder 'note') 'from the host'
        Push-Location $folder
        try { Invoke-ContainerImage $Image -AutoRemove -Volume ./:/shared:ro cat /shared/note | Should -Be 'from the host' }
        finally { Pop-Location }
    }

    It 'prepares a container for systemd' {
        New-Container $Image -Name test-systemd -SystemdMode Always -SystemdShmSize 2mb -- sleep 100 | Start-Container | Out-Null
        (Get-Container test-systemd -Detailed).Process.Systemd | Should -BeTrue
        (Get-Container test-systemd -Detailed).Process.StopSignal | Should -Be 37
        (Invoke-ContainerCommand test-systemd grep ' /run/lock ' /proc/self/mounts) | Should -Match 'tmpfs .*size=2048k'
        New-Container $Image -Name test-init -- /sbin/init | Out-Null
        (Get-Container test-init -Detailed).Process.Systemd | Should -BeTrue
        New-Container $Image -Name test-plain -SystemdMode $false -- /sbin/init | Out-Null
        (Get-Container test-plain -Detailed).Process.Systemd | Should -BeFalse
    }

    It 'takes a table' {
        "Name,Image,Command`ntest-csv1,$Image,true`ntest-csv2,$Image,true" | ConvertFrom-Csv | New-Container | ForEach-Object Name | Sort-Object |
            Should -Be 'test-csv1', 'test-csv2'
    }

    It 'takes images from the pipeline, and all words as the command' {
        $container = Get-ContainerImage $Image | New-Container -Name test-image echo a
        $container.Command -join ' ' | Should -Be 'echo a'
    }

    It 'says with -Verbose which runtime is used' {
        $messages = New-TestContainer test-verbose -With @{ Verbose = $true } 4>&1 | Where-Object { $_ -is [System.Management.Automation.VerboseRecord] }
        "$messages" | Should -Match 'OCI runtime: .*(crun|runc)'
    }

    It 'does nothing with -WhatIf' {
        New-TestContainer test-whatif -With @{ WhatIf = $true } | Should -BeNullOrEmpty
        Test-Container test-whatif | Should -BeFalse
        New-TestContainer test-whatif | Start-Container -WhatIf | Should -BeNullOrEmpty
        (Get-Container test-whatif).State | Should -Be Created
        Remove-Container test-whatif -WhatIf
        Test-Container test-whatif | Should -BeTrue
    }

    It 'says <Id> for <Title>' -ForEach @(
        @{ Title = 'a name that is taken'; Id = 'NameInUse'; Category = 'ResourceExists'; Script = { New-TestContainer test-twice; New-TestContainer test-twice } }
        @{ Title = 'an image that isn''t there'; Id = 'ImageNotFound'; Category = 'ObjectNotFound'; Script = { New-Container localhost/nothing:1 -PullPolicy Never } }
        @{ Title = 'a container that isn''t there'; Id = 'ContainerNotFound'; Category = 'ObjectNotFound'; Script = { Start-Container test-nothing } }
        @{ Title = 'removing one that runs'; Id = 'InvalidState'; Category = 'InvalidOperation'; Script = { New-TestContainer test-runs | Start-Container | Remove-Container } }
    ) {
        $ErrorActionPreference = 'Continue'
        $problem = @(& $Script 2>&1 | Where-Object { $_ -is [System.Management.Automation.ErrorRecord] })
        $problem | Should -HaveCount 1
        $problem[0].FullyQualifiedErrorId | Should -BeLike "$Id,*"
        $problem[0].CategoryInfo.Category | Should -Be $Category
        $problem[0].TargetObject | Should -Not -BeNullOrEmpty
    }

    It 'explains what it can''t read: <_>' -ForEach @(
        '-Publish 99999:80', '-Publish x:y', '-Publish $table', '-Memory 12x', '-ShmSize much', '-Volume relative:only', '-Mount type=bind'
        '-Tmpfs here', '-Platform a/b/c/d', '-Ulimit nofile', '-Environment =x', '-Label =x', '-IpcNamespace mine', '-Network $table', '-WhatIf -Publish x:y'
    ) {
        $table = @{ Colour = 1 }
        $problem = { Invoke-Expression "New-Container $Image -Name test-bad $_ true" } | Should -Throw -ErrorId 'InvalidArgument,Podsharp.Commands.NewContainerCommand' -PassThru
        $problem.CategoryInfo.Category | Should -Be InvalidArgument
        $problem.Exception | Should -BeOfType Podsharp.Model.ContainerEngineException
        "$problem" | Should -Not -Match 'argument transformation'
        Test-Container test-bad | Should -BeFalse
    }

    It 'refuses only the object whose property it can''t read' {
        $wanted = @{ Image = $Image; Name = 'test-bad'; Publish = 'x:y'; Command = 'true' }, @{ Image = $Image; Name = 'test-good'; Publish = '18089:80'; Command = 'true' }
        $made = $wanted | ForEach-Object { [pscustomobject]$_ } | New-Container -ErrorVariable problem -ErrorAction SilentlyContinue
        $made.Name | Should -Be test-good -Because "$problem"
        $made.Ports.HostPort | Should -Be 18089
        $problem | Should -HaveCount 1
        $problem[0].FullyQualifiedErrorId | Should -Be 'InvalidArgument,Podsharp.Commands.NewContainerCommand'
        Test-Container test-bad | Should -BeFalse
    }

    It 'explains a time it can''t read' {
        { Get-ContainerLog test-nothing -Since yesteryear } | Should -Throw -ErrorId 'InvalidArgument,Podsharp.Commands.GetContainerLogCommand'
    }
}

Describe 'Get-Container' {
    BeforeAll {
        New-TestContainer test-get1 @{ Label = @{ tier = 'web' } } | Start-Container | Out-Null
        New-TestContainer test-get2 @{ Label = @{ tier = 'db' } } | Out-Null
    }

    AfterAll { Remove-TestContainers }

    It 'finds by name, wildcard, id and the beginning of an id' {
        $one = Get-Container test-get1
        (Get-Container TEST-GET*).Name | Sort-Object | Should -Be 'test-get1', 'test-get2'
        (Get-Container $one.Id).Name | Should -Be test-get1
        (Get-Container -Id $one.ShortId).Name | Should -Be test-get1
        ($one | Get-Container).Name | Should -Be test-get1
        Get-Container nothing-like-it* | Should -BeNullOrEmpty
    }

    It 'filters by state, label and image' {
        (Get-Container test-get* -State Running).Name | Should -Be test-get1
        (Get-Container -Label tier=db).Name | Should -Be test-get2
        (Get-Container -Label @{ tier = 'web' }).Name | Should -Be test-get1
        @(Get-Container test-get* -Image '*busybox*') | Should -HaveCount 2
        (Get-Container -Filter @{ label = 'tier=web'; status = 'running' }).Name | Should -Be test-get1
    }

    It 'reports each missing name and goes on' {
        $found = Get-Container nothing1, test-get1, nothing2 -ErrorVariable problem -ErrorAction SilentlyContinue
        $found.Name | Should -Be test-get1
        $problem.TargetObject | Should -Be 'nothing1', 'nothing2'
    }

    It 'tells the namespaces when asked' {
        $running = New-TestContainer test-namespaces | Start-Container -PassThru
        (Get-Container test-namespaces -Namespace).Namespaces['net'] | Should -BeGreaterThan 0
        (Get-Container test-namespaces).Namespaces | Should -BeNullOrEmpty
        $running | Stop-Container -Timeout 0
        (Get-Container test-namespaces -Namespace).Namespaces.Count | Should -Be 0
    }

    It 'tells everything with -Detailed' {
        $detail = Get-Container test-get1 -Detailed
        $detail | Should -BeOfType Podsharp.Model.ContainerDetail
        $detail.Process.Arguments[0] | Should -Be sh
        (Get-ContainerDetail test-get1).Container.Id | Should -Be $detail.Container.Id
        ($detail | Format-List | Out-String) | Should -Match 'test-get1'
    }

    It 'shows a table that a person can read' {
        $text = Get-Container test-get1 | Out-String -Width 120
        $text | Should -Match 'Id\s+Name\s+Image\s+State\s+Ports'
        $text | Should -Match 'test-get1\s+busybox:test\s+Running \d+s'
    }

    It 'completes names, those first that fit the command' {
        (TabExpansion2 'Stop-Container test-get').CompletionMatches.CompletionText | Should -Be 'test-get1', 'test-get2'
        (TabExpansion2 'Start-Container test-get').CompletionMatches.CompletionText | Should -Be 'test-get2', 'test-get1'
        (TabExpansion2 'New-Container busy').CompletionMatches.CompletionText | Should -Contain 'busybox:test'
    }
}

Describe 'A pipeline that is stopped' {
    AfterEach { Remove-TestContainers }

    It 'ends at once with Ctrl+C: <_>' -ForEach 'Get-ContainerLog test-stop -Follow', 'Wait-Container test-stop', 'Invoke-ContainerCommand test-stop sleep 600' {
        New-TestContainer test-stop | Start-Container | Out-Null
        $shell = [powershell]::Create().AddScript("Import-Module '$ModulePath'; $_")
        $running = $shell.BeginInvoke()
        Start-Sleep -Seconds 3
        $running.IsCompleted | Should -BeFalse
        $clock = [Diagnostics.Stopwatch]::StartNew()
        $shell.Stop()
        $clock.Elapsed.TotalSeconds | Should -BeLessThan 5
        $shell.Dispose()
        (Get-Container test-stop).State | Should -Be Running
    }

    It 'ends when a later command has enough' {
        New-Container $Image -Name test-enough -- sh -c 'while :; do echo line; sleep 0.1; done' | Start-Container | Out-Null
        $clock = [Diagnostics.Stopwatch]::StartNew()
        Get-ContainerLog test-enough -Follow | Select-Object -First 3 | Should -HaveCount 3
        $clock.Elapsed.TotalSeconds | Should -BeLessThan 20
    }

    It 'ends with the first error where errors stop' {
        { Get-Container nothing1, nothing2 -ErrorAction Stop } | Should -Throw '*nothing1*'
    }
}
