# Networks through the cmdlets, on the real engine.
BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    Import-TestImage
    Remove-TestContainers
    Get-ContainerNetwork 'test-*' | Remove-ContainerNetwork -Force -Timeout 0
}

AfterAll {
    Remove-TestContainers
    Get-ContainerNetwork 'test-*' | Remove-ContainerNetwork -Force -Timeout 0
}

Describe 'New-ContainerNetwork' {
    AfterEach { Get-ContainerNetwork 'test-*' | Remove-ContainerNetwork }

    It 'makes a network and emits it' {
        $network = New-ContainerNetwork test-made -Subnet 10.171.0.0/24, fd00:9::/64 -Gateway 10.171.0.9 -Label @{ tier = 'web' } -Option mtu=1400 -DnsServer 192.0.2.53 `
            -Route '10.181.0.0/16,10.171.0.3,200', @{ Destination = '10.182.0.0/16'; Gateway = '10.171.0.3' }
        $network | Should -BeOfType Podsharp.Model.ContainerNetwork
        $network.Id | Should -Match '^[0-9a-f]{64}$'
        $network.Driver | Should -Be bridge
        $network.Subnets.Subnet | Should -Be '10.171.0.0/24', 'fd00:9::/64'
        $network.Subnets.Gateway | Should -Be '10.171.0.9', 'fd00:9::1'
        $network.Subnets[0].OwnEnd | Should -Be 10.171.0.127
        $network.Subnets[0].LeaseStart | Should -Be 10.171.0.128
        $network.IPv6Enabled | Should -BeTrue
        $network.Labels['tier'] | Should -Be web
        $network.Options['mtu'] | Should -Be 1400
        $network.DnsServers | Should -Be 192.0.2.53
        $network.Routes | Should -HaveCount 2
        $network.Routes[0].Metric | Should -Be 200
        $network.Joinable | Should -BeTrue
    }

    It 'makes several, and takes names from the pipeline' {
        ('test-a', 'test-b' | New-ContainerNetwork -Internal).Name | Should -Be test-a, test-b
        (New-ContainerNet test-b -Ignore).Internal | Should -BeTrue
    }

    It 'makes nothing with -WhatIf' {
        New-ContainerNetwork test-what -WhatIf | Should -BeNullOrEmpty
        Test-ContainerNetwork test-what | Should -BeFalse
    }

    It 'refuses what collides, with an error id and a target' {
        New-ContainerNetwork test-first -Subnet 10.171.0.0/24 | Out-Null
        New-ContainerNetwork test-first -ErrorVariable problem -ErrorAction SilentlyContinue
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'NameInUse,*'
        $problem[0].TargetObject | Should -Be test-first
        New-ContainerNetwork test-second -Subnet 10.171.0.128/25 -ErrorVariable problem -ErrorAction SilentlyContinue
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'SubnetInUse,*'
        { New-ContainerNetwork test-second -Route nonsense } | Should -Throw -ErrorId 'InvalidArgument,*'
        Test-ContainerNetwork test-second | Should -BeFalse
    }
}

Describe 'Get-ContainerNetwork' {
    BeforeAll {
        New-ContainerNetwork test-one -Label tier=web | Out-Null
        New-ContainerNetwork test-two -Driver macvlan | Out-Null
        New-TestContainer test-member @{ Network = 'test-one' } | Start-Container | Out-Null
    }
    AfterAll {
        Remove-TestContainers
        Get-ContainerNetwork 'test-*' | Remove-ContainerNetwork
    }

    It 'finds by name, wildcard, id, object, label and driver' {
        (Get-ContainerNetwork test-one).Name | Should -Be test-one
        (Get-ContainerNetwork 'test-*').Name | Should -Be test-one, test-two
        (Get-ContainerNet (Get-ContainerNetwork test-two).ShortId).Name | Should -Be test-two
        (Get-ContainerNetwork 'test-*' | Get-ContainerNetwork).Name | Should -Be test-one, test-two
        (Get-ContainerNetwork -Label tier=web).Name | Should -Be test-one
        (Get-ContainerNetwork -Driver macvlan).Name | Should -Be test-two
        (Get-ContainerNetwork 'test-*' -Filter @{ dangling = 'true' }).Name | Should -Be test-two
    }

    It 'reports one that does not exist' {
        Get-ContainerNetwork test-none -ErrorVariable problem -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'NetworkNotFound,*'
        $problem[0].TargetObject | Should -Be test-none
    }

    It 'emits its containers with -Detailed, and by its other name' {
        $detail = Get-ContainerNetwork test-one -Detailed
        $detail | Should -BeOfType Podsharp.Model.ContainerNetworkDetail
        $detail.Members.Name | Should -Be test-member
        $detail.Members[0].Status.Addresses[0] | Should -Match '^10\.'
        (Get-ContainerNetDetail test-one).Members.Name | Should -Be test-member
    }

    It 'completes names' {
        (TabExpansion2 'Get-ContainerNetwork test-o').CompletionMatches.CompletionText | Should -Contain test-one
        (TabExpansion2 'New-Container busybox -Network test-').CompletionMatches.CompletionText | Should -Contain test-one
    }
}

Describe 'Remove-ContainerNetwork' {
    BeforeEach {
        Remove-TestContainers
        Get-ContainerNetwork 'test-*' | Remove-ContainerNetwork
        New-ContainerNetwork test-used, test-free | Out-Null
        New-TestContainer test-member @{ Network = 'test-used' } | Out-Null
    }
    AfterAll {
        Remove-TestContainers
        Get-ContainerNetwork 'test-*' | Remove-ContainerNetwork
    }

    It 'removes what is free and keeps what is used' {
        Get-ContainerNetwork 'test-*' | Remove-ContainerNetwork -ErrorVariable problem -ErrorAction SilentlyContinue
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'NetworkInUse,*'
        (Get-ContainerNetwork 'test-*').Name | Should -Be test-used
        Remove-ContainerNetwork test-used -Force -Timeout 0
        Test-ContainerNetwork 'test-*' | Should -BeFalse
        Test-Container test-member | Should -BeFalse
    }

    It 'tells with -Unused -WhatIf what would go' {
        $plan = Remove-ContainerNetwork -Unused -WhatIf
        $plan | Should -BeOfType Podsharp.Model.PruneReport
        $plan.Name | Should -Be test-free
        Test-ContainerNetwork test-free | Should -BeTrue
        (Remove-ContainerNetwork -Unused -Confirm:$false).Name | Should -Be test-free
        Test-ContainerNetwork test-free | Should -BeFalse
        Test-ContainerNetwork test-used | Should -BeTrue
    }

    It 'removes nothing with -WhatIf' {
        Remove-ContainerNet test-free -WhatIf
        Test-ContainerNetwork test-free | Should -BeTrue
    }
}

Describe 'Set-ContainerNetwork' {
    AfterAll { Get-ContainerNetwork 'test-*' | Remove-ContainerNetwork }

    It 'changes name servers and emits the network' {
        New-ContainerNetwork test-dns -DnsServer 192.0.2.53 | Out-Null
        (Set-ContainerNetwork test-dns -AddDnsServer 192.0.2.54 -RemoveDnsServer 192.0.2.53).DnsServers | Should -Be 192.0.2.54
        (Get-ContainerNetwork test-dns).DnsServers | Should -Be 192.0.2.54
        Set-ContainerNetwork test-dns -AddDnsServer 192.0.2.55 -WhatIf
        (Get-ContainerNetwork test-dns).DnsServers | Should -Be 192.0.2.54
        { Set-ContainerNetwork test-dns } | Should -Throw -ErrorId 'InvalidArgument,*'
    }
}

Describe 'Connect- and Disconnect-ContainerNetwork' {
    BeforeAll {
        New-ContainerNetwork test-front, test-back | Out-Null
        New-TestContainer test-web @{ Network = 'test-front' } | Start-Container | Out-Null
        New-TestContainer test-idle @{ Network = 'test-front' } | Out-Null
    }
    AfterAll {
        Remove-TestContainers
        Get-ContainerNetwork 'test-*' | Remove-ContainerNetwork
    }

    It 'connects and emits what the container got' {
        $status = Connect-ContainerNetwork test-web test-back -Alias api
        $status | Should -BeOfType Podsharp.Model.NetworkStatus
        $status.Network | Should -Be test-back
        $status.InterfaceName | Should -Be eth1
        $status.Addresses[0] | Should -Match '^10[.]'
        $status.Aliases | Should -Contain api
        (Get-Container test-web).Networks | Should -Be test-front, test-back
        Connect-ContainerNetwork test-web test-back -ErrorVariable problem -ErrorAction SilentlyContinue
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'InvalidState,*'
    }

    It 'takes containers from the pipeline, and does nothing with -WhatIf' {
        Get-Container test-idle | Connect-ContainerNetwork -Network test-back -WhatIf | Should -BeNullOrEmpty
        (Get-Container test-idle).Networks | Should -Be test-front
        (Get-Container test-idle | Connect-ContainerNetwork -Network test-back).Network | Should -Be test-back
        (Get-Container test-idle).Networks | Should -Be test-front, test-back
    }

    It 'disconnects' {
        'test-web', 'test-idle' | Disconnect-ContainerNetwork -Network test-back | Should -BeNullOrEmpty
        (Get-Container 'test-*').Networks | Should -Be test-front, test-front
        (Get-ContainerNetwork test-back -Detailed).Members | Should -BeNullOrEmpty
    }

    It 'makes networks anew and finds no leftovers' {
        $repaired = Repair-ContainerNetwork test-web
        $repaired | Should -BeOfType Podsharp.Model.Container
        $repaired.State | Should -Be Running
        Repair-ContainerNetwork test-idle -ErrorVariable problem -ErrorAction SilentlyContinue
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'InvalidState,*'
        Repair-ContainerNetwork -Leftover | Should -BeNullOrEmpty
    }

    It 'changes ports and networks of what runs' {
        $before = (Get-Container test-web -Detailed).NetworkStatus[0].Addresses
        $changed = Set-Container test-web -Publish 18180:80, 18181:81 -Network test-front, test-back
        $changed.Ports.HostPort | Should -Be 18180, 18181
        $changed.Networks | Should -Be test-front, test-back
        (Get-Container test-web -Detailed).NetworkStatus[0].Addresses | Should -Be $before
        (Set-Container test-web -Publish @()).Ports | Should -BeNullOrEmpty
        Set-Container test-web -Publish 18180:80 -WhatIf
        (Get-Container test-web).Ports | Should -BeNullOrEmpty
        { Set-Container test-web -Network none } | Should -Throw -ErrorId 'InvalidArgument,*'
    }
}
