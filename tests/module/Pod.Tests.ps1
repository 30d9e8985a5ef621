# Pods through the cmdlets, on the real engine.
BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    Import-TestImage
    function Remove-TestPods { Get-Pod 'test-*' | Remove-Pod -Force -Timeout 0 }
    # A container of a pod that ends at once when it is asked to.
    function New-Member([string] $Name, $Pod) { New-Container $Image -Name $Name -Pod $Pod -- sh -c 'trap "exit 0" TERM; sleep 1000 & wait' }
    Remove-TestPods
}

AfterAll { Remove-TestPods }

Describe 'New-Pod' {
    AfterEach { Remove-TestPods }

    It 'emits a pod, with its infra container' {
        $pod = New-Pod test-new -Label @{ a = 1 } -Publish 18120:80 -ExitPolicy Stop
        $pod | Should -BeOfType Podsharp.Model.Pod
        $pod.State | Should -Be Created
        $pod.Containers | Should -HaveCount 1
        $pod.Containers[0].Id | Should -Be $pod.InfraId
        $pod.SharedNamespaces | Should -Be ipc, net, uts
        $pod.Ports.HostPort | Should -Be 18120
        $pod.Labels.a | Should -Be 1
        $pod.ExitPolicy | Should -Be Stop
    }

    It 'shares what is asked for, and none without an infra container' {
        (New-Pod test-share -Share +pid).SharedNamespaces | Should -Be ipc, net, pid, uts
        (New-Pod test-none -NoInfra).InfraId | Should -BeNullOrEmpty
        { New-Pod test-wrong -NoInfra -Share net -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidArgument,*'
        { New-Pod test-wrong -Share foo -ErrorAction Stop } | Should -Throw '*invalid kernel namespace to share: foo*'
        Test-Pod test-wrong | Should -BeFalse
    }

    It 'makes nothing with -WhatIf, and another in place with -Replace' {
        New-Pod test-whatif -WhatIf
        Test-Pod test-whatif | Should -BeFalse
        $first = New-Pod test-again
        { New-Pod test-again -ErrorAction Stop } | Should -Throw -ErrorId 'NameInUse,*'
        (New-Pod test-again -Replace).Id | Should -Not -Be $first.Id
    }

    It 'has a user namespace and devices that its containers share' {
        $pod = New-Pod test-mapped -UserMap 0:100000:5000 -Device /dev/zero:/dev/nil
        $pod.SharedNamespaces | Should -Be ipc, net, user, uts
        Invoke-ContainerImage $Image -Pod test-mapped -AutoRemove -- sh -c 'tr -s " " </proc/self/uid_map; stat -c %u:%F /dev/nil' |
            Should -Be ' 0 100000 5000', '0:character special file'
        { New-Container $Image -Pod test-mapped -UserNamespace auto -ErrorAction Stop -- true } | Should -Throw '*when joining pod with infra container*'
    }

    It 'writes its id to a file, which names it for containers' {
        New-Pod test-file -PodIdFile TestDrive:/id | Out-Null
        $container = New-Container $Image -Name test-in-file -PodIdFile TestDrive:/id -- true
        $container.PodName | Should -Be test-file
    }
}

Describe 'The life of a pod' {
    AfterEach { Remove-TestPods }

    It 'is one pipeline' {
        $pod = New-Pod test-life
        $members = 'test-one', 'test-two' | ForEach-Object { New-Member $_ $pod }
        $members.PodName | Should -Be test-life, test-life
        ($pod | Start-Pod).State | Should -Be Running
        (Get-Container -Pod $pod).Name | Should -Contain test-one
        Invoke-ContainerCommand test-one hostname | Should -Be test-life
        (Suspend-Pod test-life).State | Should -Be Paused
        (Resume-Pod 'test-l*').State | Should -Be Running
        Stop-Container test-one | Out-Null
        (Get-Pod test-life).State | Should -Be Degraded
        (Restart-Pod test-life -Force).State | Should -Be Running
        (Stop-Pod test-life -Force).State | Should -Be Exited
        Get-Pod test-life | Remove-Pod
        Test-Pod test-life | Should -BeFalse
        Test-Container test-one | Should -BeFalse
    }

    It 'is not removed while it runs, unless forced; all that have ended are' {
        $pod = New-Pod test-running
        New-Member test-runs $pod | Out-Null
        Start-Pod test-running | Out-Null
        { Remove-Pod test-running -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidState,*'
        Remove-Pod -Unused
        Test-Pod test-running -State Running | Should -BeTrue
        Send-PodSignal test-running TERM
        $end = [DateTime]::UtcNow.AddSeconds(10)
        while ((Get-Pod test-running).State -ne 'Exited' -and [DateTime]::UtcNow -lt $end) { Start-Sleep -Milliseconds 50 }
        Remove-Pod -Unused -WhatIf
        Test-Pod test-running | Should -BeTrue
        Remove-Pod -Unused
        Test-Pod test-running | Should -BeFalse
    }

    It 'tells of each container that can''t be started' {
        $pod = New-Pod test-broken
        New-Container $Image -Name test-bad -Pod $pod -- /nothing | Out-Null
        New-Member test-good $pod | Out-Null
        $started = Start-Pod $pod -ErrorVariable problems -ErrorAction SilentlyContinue
        $problems[0].FullyQualifiedErrorId | Should -BeLike 'PodContainerFailed,*'
        $started.Containers.Where({ $_.Name -eq 'test-good' }).State | Should -Be Running
    }

    It 'tells of a pod that doesn''t exist' {
        { Start-Pod nothing -ErrorAction Stop } | Should -Throw -ErrorId 'PodNotFound,*'
        { Get-Pod nothing -ErrorAction Stop } | Should -Throw -ErrorId 'PodNotFound,*'
        Get-Pod 'nothing*' | Should -BeNullOrEmpty
    }

    It 'runs init containers first' {
        $pod = New-Pod test-init
        New-Container $Image -Name test-first -Pod $pod -InitContainer Once -- true | Out-Null
        New-Member test-then $pod | Out-Null
        (Start-Pod $pod).Containers.Name | Should -Not -Contain test-first
        { New-Container $Image -InitContainer Once -ErrorAction Stop -- true } | Should -Throw '*must specify pod*'
    }
}

Describe 'A container with a pod of its own' {
    AfterEach { Remove-TestPods }

    It 'gives it ports and names' {
        $container = New-Container $Image -Name test-alone -Pod new:test-made -Publish 18121:80 -HostName own -- sleep 100
        $container.PodName | Should -Be test-made
        $detail = Get-Pod test-made -Detailed
        $detail | Should -BeOfType Podsharp.Model.PodDetail
        $detail.Pod.Ports.HostPort | Should -Be 18121
        $detail.Infra.Process.HostName | Should -Be own
    }
}

Describe 'Copy-Pod' {
    AfterEach { Remove-TestPods }

    It 'copies the containers, too' {
        $pod = New-Pod test-origin -Label @{ a = 1 } -Memory 64mb
        New-Member test-member $pod | Out-Null
        $copy = Copy-Pod test-origin
        $copy.Name | Should -Be test-origin-clone
        $copy.Containers.Name | Should -Contain test-member-clone
        $copy.Labels.a | Should -Be 1
        (Get-Pod test-origin | Copy-Pod -NewName test-other -Memory 128mb -Destroy -Start).State | Should -Be Running
        Test-Pod test-origin | Should -BeFalse
        (Get-Pod test-other -Detailed).Spec.Container.Resources.Memory | Should -Be 128mb
        Copy-Pod test-other -WhatIf
        Test-Pod test-other-clone | Should -BeFalse
    }
}

Describe 'What the containers of a pod do' {
    AfterEach { Remove-TestPods }

    It 'is logged, listed and measured for all together' {
        $pod = New-Pod test-watched
        New-Container $Image -Name test-talks -Pod $pod -- sh -c 'echo first; exec sleep 100' | Out-Null
        New-Container $Image -Name test-talks-too -Pod $pod -- sh -c 'sleep 0.5; echo second; exec sleep 100' | Out-Null
        Start-Pod $pod | Out-Null
        $end = [DateTime]::UtcNow.AddSeconds(10)
        while (@(Get-ContainerLog -Pod test-watched).Count -lt 2 -and [DateTime]::UtcNow -lt $end) { Start-Sleep -Milliseconds 100 }
        (Get-ContainerLog -Pod test-watched).Text | Should -Be first, second
        (Get-ContainerProcess -Pod $pod).Container | Should -Contain test-talks-too
        $usage = Measure-Pod test-watched
        $usage | Should -HaveCount 3
        $usage[0] | Should -BeOfType Podsharp.Model.ContainerUsage
        $usage.Pod | Select-Object -Unique | Should -Be $pod.Id
        (Measure-Pod 'test-w*' -Continuous -Interval 1 | Select-Object -First 6) | Should -HaveCount 6
        # The wildcard is looked up beside the pipeline, and mostly not done when the pipeline's input ends.
        1..5 | ForEach-Object { (Measure-Pod 'test-w*' -Continuous | Select-Object -First 1) | Should -HaveCount 1 }
        { Get-ContainerLog -Pod nothing -ErrorAction Stop } | Should -Throw -ErrorId 'PodNotFound,*'
        { Measure-Pod nothing -ErrorAction Stop } | Should -Throw -ErrorId 'PodNotFound,*'
    }
}

Describe 'Names of pods' {
    AfterEach { Remove-TestPods }

    It 'are completed, and shown' {
        New-Pod test-complete | Out-Null
        $text = 'Start-Pod test-c'
        (TabExpansion2 $text $text.Length).CompletionMatches.CompletionText | Should -Be test-complete
        (Get-Pod test-complete | Out-String -Width 120) | Should -Match 'test-complete +Created'
        (Get-Pod test-complete -Detailed | Out-String) | Should -Match 'CgroupPath'
    }
}
