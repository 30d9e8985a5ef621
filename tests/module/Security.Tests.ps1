# Devices, security options and user namespaces through the cmdlets, on the real engine.
BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    Import-TestImage
    Remove-TestContainers
}

AfterAll { Remove-TestContainers }

Describe 'User namespaces' {
    AfterEach { Remove-TestContainers }

    It 'maps ids and shows them' {
        $map = Invoke-ContainerImage $Image -Name test-map -UserMap 0:100000:500 -GroupMap 0:200000:300 -Network none -- cat /proc/self/uid_map
        -split $map | Should -Be 0, 100000, 500
        $detail = Get-Container test-map -Detail
        $detail.UserNamespace.Kind | Should -Be Private
        $detail.UserMap | Should -Be 0:100000:500
        $detail.GroupMap | Should -Be 0:200000:300
    }

    It 'refuses a map that can not be' {
        { New-Container $Image -Name test-map -UserMap 1:100000:5 -ErrorAction Stop } | Should -Throw '*root is not mapped*'
        { New-Container $Image -Name test-map -UserNamespace nomap -ErrorAction Stop } | Should -Throw '*only supported in rootless mode*'
        { New-Container $Image -Name test-map -SubUserName nobody9 -ErrorAction Stop } | Should -Throw -ErrorId 'SubordinateIdsMissing*'
    }
}

Describe 'Security options' {
    AfterEach { Remove-TestContainers }

    It 'takes them and shows them' {
        Invoke-ContainerImage $Image -Name test-options -SecurityOption no-new-privileges, apparmor=unconfined, mask=/proc/version -Network none -- sh -c 'cat /proc/version; grep NoNewPrivs /proc/self/status' |
            Should -Match 'NoNewPrivs:\s+1'
        $detail = Get-Container test-options -Detail
        $detail.SecurityOptions | Should -Be no-new-privileges, apparmor=unconfined
        $detail.Spec.SecurityOptions | Should -Contain mask=/proc/version
        (New-Container $Image -Name test-short -SecurityOpt label=disable true | Get-Container -Detail).SecurityOptions | Should -Be label=disable
    }

    It 'refuses what can not be' {
        { New-Container $Image -Name test-options -SecurityOption what=ever -ErrorAction Stop true } | Should -Throw '*invalid security option*'
        { New-Container $Image -Name test-options -SecurityOption apparmor=nowhere -ErrorAction Stop true } | Should -Throw '*nowhere*'
        Get-Container test-options -ErrorAction Ignore | Should -BeNullOrEmpty
    }

    It 'completes them' {
        (TabExpansion2 'New-Container x -SecurityOption app').CompletionMatches.CompletionText.Trim([char]39) | Should -Be 'apparmor=', 'apparmor=unconfined'
    }
}

Describe 'Devices' {
    AfterEach { Remove-TestContainers }

    It 'gives devices and shows them' {
        Invoke-ContainerImage $Image -Name test-device -Device /dev/zero:/dev/nought:r -DeviceRule 'c 10:* rwm' -Network none -- sh -c 'head -c 3 /dev/nought | wc -c' | Should -Be 3
        $detail = Get-Container test-device -Detail
        $detail.Devices.HostPath | Should -Be /dev/zero
        $detail.Devices.ContainerPath | Should -Be /dev/nought
        $detail.Devices.Permissions | Should -Be r
    }

    It 'refuses a device that there is not' {
        { New-Container $Image -Name test-device -Device /dev/nowhere -ErrorAction Stop true } | Should -Throw -ErrorId 'DeviceNotFound*'
        { New-Container $Image -Name test-device -Gpu all -ErrorAction Stop true } | Should -Throw -ErrorId 'CdiDeviceNotFound*'
        { New-Container $Image -Name test-device -RdtClass best -ErrorAction Stop true } | Should -Throw
        Get-Container test-device -ErrorAction Ignore | Should -BeNullOrEmpty
    }
}
