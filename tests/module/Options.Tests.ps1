# The parameters that make up a container, as far as no other file is about them.
BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    Import-TestImage
    Remove-TestContainers
}

AfterAll { Remove-TestContainers }

Describe 'Parameters of New-Container and Invoke-ContainerImage' {
    AfterEach { Remove-TestContainers }

    It 'replaces a container of the same name, running or not' {
        $first = Invoke-ContainerImage $Image -Name test-same -Detach -StopTimeout 0 sleep 1000
        $second = New-Container $Image -Name test-same -Replace true
        $second.Id | Should -Not -Be $first.Id
        Test-Container $first.Id | Should -BeFalse
        (Get-Container test-same).Id | Should -Be $second.Id
        New-Container $Image -Replace true -ErrorVariable problem -ErrorAction SilentlyContinue
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'InvalidArgument,*'
    }

    It 'writes the process ids' {
        Push-Location $TestDrive
        try { Invoke-ContainerImage $Image -Name test-files -Detach -PidFile pid -ConmonPidFile conmon -StopTimeout 0 sleep 1000 | Out-Null }
        finally { Pop-Location }
        Get-Content $TestDrive/pid | Should -Be (Get-Container test-files).Pid
        Get-Process -Id (Get-Content $TestDrive/conmon) | Should -Not -BeNullOrEmpty
    }

    It 'takes the session''s variables, and leaves out the image''s' {
        $env:PODSHARP_TEST_ONE = 1
        $env:PODSHARP_TEST_TWO = 2
        try {
            Invoke-ContainerImage $Image -AutoRemove -Environment 'PODSHARP_TEST_*', 'A=1' -RemoveEnvironment PATH /bin/env |
                Where-Object { $_ -match '^(PODSHARP_TEST_|A=|PATH)' } | Sort-Object | Should -Be 'A=1', 'PODSHARP_TEST_ONE=1', 'PODSHARP_TEST_TWO=2'
            Invoke-ContainerImage $Image -AutoRemove -InheritEnvironment /bin/env | Should -Contain 'PODSHARP_TEST_ONE=1'
            $names = Invoke-ContainerImage $Image -AutoRemove -ClearEnvironment /bin/env | ForEach-Object { ($_ -split '=')[0] } | Sort-Object
            $names | Should -Be 'HOME', 'HOSTNAME'
        } finally { Remove-Item env:PODSHARP_TEST_* }
    }

    It 'sets the time zone, and completes it' {
        Invoke-ContainerImage $Image -AutoRemove -TimeZone Asia/Tokyo date +%Z | Should -Be 'JST'
        New-Container $Image -TimeZone No/Where true -ErrorVariable problem -ErrorAction SilentlyContinue
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'InvalidArgument,*'
        (TabExpansion2 'New-Container x -TimeZone Europe/Par').CompletionMatches.CompletionText | Should -Contain 'Europe/Paris'
    }

    It 'makes entries for a user whom the image doesn''t know' {
        $image = $Image
        Invoke-ContainerImage $image -AutoRemove -User 1234 tail -- -n 1 /etc/passwd | Should -Be '1234:*:1234:0:container user:/:/bin/sh'
        Invoke-ContainerImage $image -AutoRemove -User 1234 -NoPasswdEntry grep -- -c 1234 /etc/passwd | Should -Be 0
        Invoke-ContainerImage $image -AutoRemove -User 1234:6666 -PasswdEntry 'u:x:$UID:$GID::/:' -GroupEntry 'g:x:$GID:' tail -- -qn 1 /etc/passwd /etc/group |
            Should -Be 'u:x:1234:6666::/:', 'g:x:6666:'
        Invoke-ContainerImage $image -AutoRemove -HostUser daemon tail -- -n 1 /etc/passwd | Should -BeLike 'daemon:*'
    }

    It 'sets personality, timeout and init program' {
        Invoke-ContainerImage $Image -AutoRemove -Personality LINUX32 uname -- -m | Should -Be 'i686'
        Invoke-ContainerImage $Image -AutoRemove -Timeout 1 sleep 100
        $LASTEXITCODE | Should -Not -Be 0
        New-Container $Image -Init -InitPath /no/such true -ErrorVariable problem -ErrorAction SilentlyContinue
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'InitNotFound,*'
    }

    It 'limits block devices, and refuses what is none' {
        New-Container $Image -DeviceReadRate /dev/null:1m true -ErrorVariable problem -ErrorAction SilentlyContinue
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'InvalidArgument,*'
        New-Container $Image -DeviceReadRate @{ '/dev/null' = 1mb } true -ErrorVariable problem -ErrorAction SilentlyContinue
        "$($problem[0])" | Should -BeLike '*/dev/null: not a block device*'
        { New-Container $Image -DeviceWriteIops nonsense true } | Should -Throw -ErrorId 'InvalidArgument,*'
    }

    It 'runs without control groups, and tells why something can''t be' {
        $container = Invoke-ContainerImage $Image -Name test-free -Detach -CgroupMode Disabled -StopTimeout 0 sleep 1000
        $container.State | Should -Be Running
        New-Container $Image -CgroupMode Disabled -Memory 64mb true -ErrorVariable problem -ErrorAction SilentlyContinue
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'InvalidArgument,*'
        New-Container $Image -CgroupSetting @{ 'memory.high' = 1mb } true -ErrorVariable problem -ErrorAction SilentlyContinue
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'Unsupported,*'
    }
}
