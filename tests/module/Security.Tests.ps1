# Devices, hooks and user namespaces through the cmdlets, on the real engine.
BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    Import-TestImage
    Remove-TestContainers
}

AfterAll { Remove-TestContainers }

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
        { New-Container $Image -Name test-device -Device /dev/nowhere -ErrorAction Stop } | Should -Throw -ErrorId 'DeviceNotFound*'
        { New-Container $Image -Name test-device -Gpu all -ErrorAction Stop } | Should -Throw -ErrorId 'CdiDeviceNotFound*'
        { New-Container $Image -Name test-device -RdtClass best -ErrorAction Stop } | Should -Throw
        Get-Container test-device -ErrorAction Ignore | Should -BeNullOrEmpty
    }
}
