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

    It 'removes pods and networks, too' {
        New-Pod -Name test-pruned -Network none | Out-Null
        New-Container $Image -Name test-inpod -Pod test-pruned -- true | Start-Container | Wait-Container | Out-Null
        Stop-Pod test-pruned | Out-Null
        New-ContainerNetwork test-free | Out-Null
        $plan = Clear-ContainerStorage -WhatIf
        ($plan | Where-Object Kind -EQ Pod).Name | Should -Be test-pruned
        ($plan | Where-Object Kind -EQ Network).Name | Should -Be test-free
        $plan.Name | Should -Not -Contain test-inpod
        $gone = Clear-ContainerStorage
        $gone.Name | Should -Contain test-pruned
        $gone.Name | Should -Contain test-free
        Test-Pod test-pruned | Should -BeFalse
        Test-ContainerNetwork test-free | Should -BeFalse
    }

    It 'finds no leftovers in a clean store' {
        Clear-ContainerStorage -Leftover | Should -BeNullOrEmpty
    }
}

Describe 'Test-ContainerStorage' {
    It 'emits a report' {
        $report = Test-ContainerStorage
        $report | Should -BeOfType Podsharp.Model.StorageCheckReport
        $report.Healthy | Should -BeTrue
        $report.Images | Should -BeGreaterThan 0
        Test-ContainerStorage -Quick -Quiet | Should -BeTrue
    }

    It 'tells what is wrong' {
        $left = "/run/containers/storage/podsharp/locks/container-$('ab' * 32)"
        New-Item $left | Out-Null
        $finding = (Test-ContainerStorage -Quick).Findings
        $finding | Should -BeOfType Podsharp.Model.StorageFinding
        $finding.Kind | Should -Be LockFile
        $finding.Cost | Should -Be Nothing
        $finding.Path | Should -Be $left
        Test-ContainerStorage -Quick -Quiet | Should -BeFalse
        Test-ContainerStorage -Quick | Out-String | Should -Match 'Healthy +: False'
        $finding | Out-String -Width 120 | Should -Match 'LockFile'
    }
}

Describe 'Repair-ContainerStorage' {
    It 'emits what it would repair with -WhatIf, and leaves it' {
        $plan = Repair-ContainerStorage -Quick -WhatIf
        $plan.Kind | Should -Be LockFile
        $plan.Repaired | Should -BeFalse
        $plan.Path | Should -Exist
    }

    It 'repairs and tells' {
        $finding = Repair-ContainerStorage -Quick
        $finding.Repaired | Should -BeTrue
        $finding.Path | Should -Not -Exist
        Test-ContainerStorage -Quick -Quiet | Should -BeTrue
    }

    It 'keeps containers without -Lossy' {
        New-Container $Image -Name test-lossy -- true | Out-Null
        $record = podman image inspect $Image | ConvertFrom-Json
        $manifest = "/var/lib/containers/storage/overlay-images/$($record.Id)/manifest"
        Move-Item $manifest "$TestDrive/manifest"
        $finding = Repair-ContainerStorage -Quick
        $finding.Cost | Should -Be Containers
        $finding.Repaired | Should -BeFalse
        Test-Container test-lossy | Should -BeTrue
        (Repair-ContainerStorage -Quick -Lossy -WhatIf).Remedy | Should -Match 'container test-lossy'
        Move-Item "$TestDrive/manifest" $manifest
        Test-ContainerStorage -Quick -Quiet | Should -BeTrue
    }
}
