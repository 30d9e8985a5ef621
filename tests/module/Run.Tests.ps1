# Running commands: their output, input, exit codes; logs, processes and usage.
BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    Import-TestImage
    Remove-TestContainers
}

AfterAll { Remove-TestContainers }

Describe 'Invoke-ContainerImage' {
    AfterEach { Remove-TestContainers }

    It 'emits output line by line and sets the exit code' {
        Invoke-ContainerImage $Image -AutoRemove -- sh -c 'echo one; echo two; exit 5' | Should -Be 'one', 'two'
        $LASTEXITCODE | Should -Be 5
        Invoke-ContainerImage $Image -AutoRemove true
        $LASTEXITCODE | Should -Be 0
    }

    It 'keeps UTF-8 whole, and a last line without an end' {
        Invoke-ContainerImage $Image -AutoRemove -- printf 'grün\näöü 日本' | Should -Be 'grün', 'äöü 日本'
    }

    It 'sends pipeline objects to the input' {
        1..1000 | Invoke-ContainerImage $Image -AutoRemove -- wc -l | Should -Be 1000
        'b', 'a' | Invoke-ContainerImage $Image -AutoRemove sort | Should -Be 'a', 'b'
    }

    It 'gives standard error to the information stream' {
        $output = Invoke-ContainerImage $Image -AutoRemove -InformationVariable stderr -InformationAction Ignore -- sh -c 'echo out; echo err >&2'
        $output | Should -Be 'out'
        "$stderr" | Should -Be 'err'
    }

    It 'makes an error of an exit code where the session asks for it' {
        $PSNativeCommandUseErrorActionPreference = $true
        Invoke-ContainerImage $Image -AutoRemove -ErrorVariable problem -ErrorAction SilentlyContinue false
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'CommandFailed,*'
    }

    It 'leaves one running with -Detach' {
        $container = Invoke-ContainerImage $Image -Detach -Name test-detached sleep 100
        $container.State | Should -Be Running
    }

    It 'explains a command that isn''t there, and leaves nothing with -AutoRemove' {
        Invoke-ContainerImage $Image -Name test-nocommand -AutoRemove -ErrorVariable problem -ErrorAction SilentlyContinue /no/such/command
        $problem | Should -Not -BeNullOrEmpty
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'CommandNotFound,*'
        $LASTEXITCODE | Should -Be 127
        Test-Container test-nocommand | Should -BeFalse
    }
}

Describe 'Invoke-ContainerImage -FromLabel' {
    BeforeAll {
        $command = 'podman run --rm --network none --name NAME -e WHERE=$PWD -e FIRST=$OPT1 -e IMAGE=IMAGE IMAGE sh -c "env | grep -e ^FIRST= -e ^IMAGE= | sort; cat"'
        New-Container $Image -Name test-base true | Out-Null
        ConvertTo-ContainerImage test-base -Reference localhost/test-labelled:1 -Change "LABEL run='$command'", 'LABEL install="/bin/echo hello"' | Out-Null
    }

    AfterEach { Remove-TestContainers }

    AfterAll { Remove-ContainerImage localhost/test-labelled:1 -Force -Confirm:$false -ErrorAction Ignore }

    It 'runs what the label says' {
        Invoke-ContainerImage test-labelled:1 -FromLabel RUN -LabelVariable @{ OPT1 = 'here' } | Should -Be 'FIRST=here', 'IMAGE=localhost/test-labelled:1'
        'a line' | Invoke-ContainerImage test-labelled:1 -FromLabel run | Select-Object -Last 1 | Should -Be 'a line'
        Get-ContainerImage localhost/test-labelled:1 | Invoke-ContainerImage -FromLabel run -Name test-other | Should -Be 'FIRST=', 'IMAGE=localhost/test-labelled:1'
    }

    It 'replaces a namesake when asked' {
        New-Container $Image -Name test-labelled true | Out-Null
        Invoke-ContainerImage test-labelled:1 -FromLabel run -ErrorVariable problem -ErrorAction SilentlyContinue
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'NameInUse,*'
        Invoke-ContainerImage test-labelled:1 -FromLabel run -Replace -Detach | Should -BeOfType Podsharp.Model.Container
    }

    It 'tells the command with -WhatIf and runs nothing' {
        Invoke-ContainerImage test-labelled:1 -FromLabel run -WhatIf | Should -BeNullOrEmpty
    }

    It 'says why it can''t' {
        Invoke-ContainerImage test-labelled:1 -FromLabel install -ErrorVariable problem -ErrorAction SilentlyContinue
        "$problem" | Should -BeLike '*runs no container'
        $problem[0].ErrorDetails.RecommendedAction | Should -BeLike '*runlabel*'
        Invoke-ContainerImage test-labelled:1 -FromLabel none -ErrorVariable problem -ErrorAction SilentlyContinue
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'LabelNotFound,*'
        { Invoke-ContainerImage test-labelled:1 -FromLabel run -Memory 64mb } | Should -Throw '*-Memory can''t be given*'
    }
}

Describe 'In a running container' {
    BeforeAll {
        New-Container $Image -Name test-web -Memory 64mb -Environment @{ COLOUR = 'blue' } -- sh -c 'echo ready; echo trouble >&2; trap "exit 0" TERM; sleep 1000 & wait' |
            Start-Container | Out-Null
        New-TestContainer test-other | Start-Container | Out-Null
    }

    AfterAll { Remove-TestContainers }

    It 'runs commands and emits their output' {
        Invoke-ContainerCommand test-web echo a 'b c' | Should -Be 'a b c'
        Invoke-ContainerCommand test-web -- sh -c 'exit 4' | Should -BeNullOrEmpty
        $LASTEXITCODE | Should -Be 4
    }

    It 'runs a command in containers from the pipeline' {
        Get-Container test-web | Invoke-ContainerCommand cat /etc/hostname | Should -Be (Get-Container test-web).ShortId
        @(Get-Container 'test-*' -State Running | Invoke-ContainerCommand hostname) | Should -HaveCount 2
        @(Invoke-ContainerCommand test-* hostname) | Should -HaveCount 2
    }

    It 'takes input, user, variables and directory' {
        'x', 'y' | Invoke-ContainerCommand test-web -- cat -n | Should -HaveCount 2
        Invoke-ContainerCommand test-web -User 1000 -Environment @{ EXTRA = 7 } -WorkingDirectory /tmp -- sh -c 'echo $(id -u) $COLOUR $EXTRA $(pwd)' |
            Should -Be '1000 blue 7 /tmp'
    }

    It 'explains a command that isn''t there' {
        Invoke-ContainerCommand test-web /no/such -ErrorVariable problem -ErrorAction SilentlyContinue
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'CommandNotFound,*'
        $LASTEXITCODE | Should -Be 127
    }

    It 'passes much input and output without a jam' {
        (1..100000 | Invoke-ContainerCommand test-web cat | Measure-Object).Count | Should -Be 100000
        1..100000 | Invoke-ContainerCommand test-web -- head -n 2 | Should -Be 1, 2
        1..100000 | Invoke-ContainerCommand test-web cat | Select-Object -First 2 | Should -Be 1, 2
    }

    It 'starts processes that go on' {
        $session = Start-ContainerProcess test-web -Detach sleep 77
        $session | Should -BeOfType Podsharp.Model.ExecSession
        $session.ContainerId | Should -Be (Get-Container test-web).Id
        (Get-ContainerProcess test-web).Command -match 'sleep 77' | Should -Not -BeNullOrEmpty
        $ended = Start-ContainerProcess test-web -- sh -c 'exit 6'
        $ended.ExitCode | Should -Be 6
        $ended.Running | Should -BeFalse
    }

    It 'shows processes as ps does' {
        $process = Get-ContainerProcess test-web -PsArgument '-eo', 'pid,ni,args' | Where-Object Pid -EQ 1
        $process.Fields['NI'] | Should -Be '0'
        $process.Container | Should -Be 'test-web'
        $process.Command | Should -Be (Get-ContainerProcess test-web | Where-Object Pid -EQ 1).Command
        { Get-ContainerProcess test-web -PsArgument '--nonsense' -ErrorAction Stop } | Should -Throw -ErrorId 'PsFailed*'
    }

    It 'tells of its processes and of what it uses, in numbers' {
        $first = Get-ContainerProcess test-web | Sort-Object Pid | Select-Object -First 1
        $first.Pid | Should -Be 1
        $first.HostPid | Should -Be (Get-Container test-web).Pid
        $first.ResidentBytes | Should -BeGreaterThan 0
        $usage = Get-Container test-web | Measure-Container
        $usage.MemoryLimit | Should -Be 64mb
        $usage.MemoryUsage | Should -BeGreaterThan 0
        $usage.Pids | Should -BeGreaterThan 0
        @(Get-Container 'test-*' | Measure-Container) | Should -HaveCount 2
    }

    It 'keeps a log of objects that print as lines' {
        $log = Get-ContainerLog test-web
        ($log | Where-Object Stream -eq Output).Text | Should -Be 'ready'
        ($log | Where-Object Stream -eq Error).Text | Should -Be 'trouble'
        $log[0].Time | Should -BeOfType DateTimeOffset
        (Get-ContainerLog test-web -Stream Error).Text | Should -Be 'trouble'
        (Get-ContainerLog test-web -Tail 1) | Should -HaveCount 1
        Get-ContainerLog test-web -Since (Get-Date).AddHours(1) | Should -BeNullOrEmpty
        @(Get-ContainerLog test-web -Since 1h) | Should -HaveCount 2
        (Get-ContainerLog test-web -Stream Output | Out-String).Trim() | Should -Be 'ready'
        (Get-ContainerLog test-web -Stream Output -Timestamp | Out-String).Trim() | Should -Match '^\d{4}-\d\d-\d\dT.* ready$'
    }
}
