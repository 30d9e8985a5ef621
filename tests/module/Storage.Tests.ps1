# Space and damage through the cmdlets, on the real engine.
BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    Import-TestImage
    Remove-TestContainers
}

AfterAll { Remove-TestContainers }

Describe 'Measure-ContainerStorage' {
    BeforeAll { New-Container $Image -Name test-measure -- sh -c 'dd if=/dev/zero of=/f bs=1000 count=20 2>/dev/null' | Start-Container | Wait-Container | Out-Null }

    It 'emits one object a kind' {
        $usage = Measure-ContainerStorage
        $usage | Should -BeOfType Podsharp.Model.StorageUsage
        $usage.Kind | Should -Be Image, Container, Volume
        $usage[0].Size | Should -BeGreaterThan 1000000
        $usage[1].Size | Should -Be 20000
        $usage[1].Items.Name | Should -Be test-measure
    }

    It 'emits each with -Detailed' {
        $item = Measure-ContainerStorage -Detailed | Where-Object Name -EQ test-measure
        $item | Should -BeOfType Podsharp.Model.StorageItem
        $item.Size | Should -Be 20000
        $item.Created | Should -BeOfType DateTimeOffset
    }
}

Describe 'Clear-ContainerStorage' {
    BeforeEach {
        Remove-TestContainers
        New-Container $Image -Name test-clear -- true | Out-Null
        New-Container $Image -Name test-other -- true | Out-Null
    }

    It 'emits what would go with -WhatIf, and removes nothing' {
        $plan = Clear-ContainerStorage -WhatIf
        $plan | Should -BeOfType Podsharp.Model.PruneReport
        $plan.Name | Should -Contain test-clear
        $plan.Planned | Should -Not -Contain $false
        Test-Container test-clear | Should -BeTrue
        (Clear-ContainerStorage -AllImages -WhatIf | Where-Object Kind -EQ Image).Size | Should -BeGreaterThan 1000000
    }

    It 'removes it and tells' {
        $reports = Clear-ContainerStorage -Confirm:$false
        $reports.Name | Sort-Object | Should -Be test-clear, test-other
        $reports.Planned | Should -Not -Contain $true
        Test-Container test-clear | Should -BeFalse
        Test-ContainerImage $Image | Should -BeTrue
    }

    It 'filters by labels' {
        New-Container $Image -Name test-labelled -Label a=b -- true | Out-Null
        (Clear-ContainerStorage -Label a=b).Name | Should -Be test-labelled
        Clear-ContainerStorage -Filter @{ until = '24h' } | Should -BeNullOrEmpty
        Clear-ContainerStorage -Filter @{ nonsense = 1 } -ErrorVariable problem -ErrorAction SilentlyContinue
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'InvalidArgument,*'
    }

    It 'finds no leftovers in a clean store' {
        Clear-ContainerStorage -Leftover | Should -BeNullOrEmpty
    }
}
