# Each parameter says what the command line's option says: two containers, made in either way, that inspect shows alike.
BeforeDiscovery {
    $script:Sets = @(
        @{
            About = 'process and identity'
            Parameters = @{
                AddGroup = '7', 'nobody'; Annotation = @{ 'a.b' = 'c' }; EntryPoint = '/bin/sh', '-c'; EnvironmentFile = '/tmp/test-variables'; LabelFile = '/tmp/test-variables'
                Label = @{ own = 1 }; Umask = '0027'; StopSignal = 'INT'; NoHttpProxy = $true; Runtime = 'crun'; SeccompPolicy = 'default'; ImageVolumeMode = 'tmpfs'
                OperatingSystem = 'linux'; Architecture = 'amd64'; ReadOnly = $true; NoReadOnlyTmpfs = $true
            }
            Options = '--group-add', '7', '--group-add', 'nobody', '--annotation', 'a.b=c', '--entrypoint', '["/bin/sh","-c"]', '--env-file', '/tmp/test-variables',
                '--label-file', '/tmp/test-variables', '--label', 'own=1', '--umask', '0027', '--stop-signal', 'INT', '--http-proxy=false', '--runtime', 'crun',
                '--seccomp-policy', 'default', '--image-volume', 'tmpfs', '--os', 'linux', '--arch', 'amd64', '--read-only', '--read-only-tmpfs=false'
        }
        @{
            About = 'limits'
            Parameters = @{
                Memory = 100mb; MemoryReservation = 50mb; MemorySwap = 200mb; MemorySwappiness = 10; CpuPeriod = 50000; CpuQuota = 25000; CpuShare = 512; CpuSet = '0'
                MemoryNode = '0'; ProcessLimit = 77; OomScoreAdjust = 100; DisableOomKill = $true; CpuRealtimePeriod = 1000000; CpuRealtimeRuntime = 1000
                DeviceReadIops = '/dev/test-disk:5'; DeviceWriteIops = '/dev/test-disk:6'; DeviceReadRate = '/dev/test-disk:1mb'; DeviceWriteRate = '/dev/test-disk:2mb'
                CgroupParent = '/test-parent'
            }
            Options = '--memory', '100m', '--memory-reservation', '50m', '--memory-swap', '200m', '--memory-swappiness', '10', '--cpu-period', '50000', '--cpu-quota', '25000',
                '--cpu-shares', '512', '--cpuset-cpus', '0', '--cpuset-mems', '0', '--pids-limit', '77', '--oom-score-adj', '100', '--oom-kill-disable',
                '--cpu-rt-period', '1000000', '--cpu-rt-runtime', '1000', '--device-read-iops', '/dev/test-disk:5', '--device-write-iops', '/dev/test-disk:6',
                '--device-read-bps', '/dev/test-disk:1mb', '--device-write-bps', '/dev/test-disk:2mb', '--cgroup-parent', '/test-parent'
        }
        @{
            About = 'rights and namespaces'
            Parameters = @{
                AddCapability = 'NET_ADMIN'; DropCapability = 'CHOWN', 'CAP_KILL'; PidNamespace = 'host'; UtsNamespace = 'host'; IpcNamespace = 'host'
                DeviceCgroupRule = 'c 1:3 r'; Device = '/dev/zero:/dev/nil:r'; SecurityOption = 'no-new-privileges', 'mask=/proc/uptime'; Network = 'host'
            }
            Options = '--cap-add', 'NET_ADMIN', '--cap-drop', 'CHOWN', '--cap-drop', 'CAP_KILL', '--pid', 'host', '--uts', 'host', '--ipc', 'host',
                '--device-cgroup-rule', 'c 1:3 r', '--device', '/dev/zero:/dev/nil:r', '--security-opt', 'no-new-privileges', '--security-opt', 'mask=/proc/uptime',
                '--network', 'host'
        }
        @{ About = 'all rights'; Parameters = @{ Privileged = $true; CgroupNamespace = 'host' }; Options = '--privileged', '--cgroupns', 'host' }
        @{
            About = 'users'
            Parameters = @{ UidMap = '0:100000:5000'; GidMap = '0:200000:4000' }
            Options = '--uidmap', '0:100000:5000', '--gidmap', '0:200000:4000'
        }
        @{ About = 'users of somebody'; Parameters = @{ SubUidName = 'somebody'; SubGidName = 'somebody' }; Options = '--subuidname', 'somebody', '--subgidname', 'somebody' }
        @{
            About = 'networks'
            Parameters = @{
                Network = 'test-net'; IPAddress = '10.76.0.9'; IPv6Address = 'fd00:76::9'; MacAddress = '02:00:00:00:00:09'; NetworkAlias = 'other', 'more'
                AddHost = @{ there = '1.2.3.4' }; DnsServer = '9.9.9.9'; DnsOption = 'ndots:2'; DnsSearchDomain = 'example.org'; Expose = '81', '82/udp'; PublishAll = $true
                Sysctl = @{ 'net.ipv4.ip_forward' = 1 }; HostName = 'own'
            }
            Options = '--network', 'test-net', '--ip', '10.76.0.9', '--ip6', 'fd00:76::9', '--mac-address', '02:00:00:00:00:09', '--network-alias', 'other', '--network-alias', 'more',
                '--add-host', 'there:1.2.3.4', '--dns', '9.9.9.9', '--dns-option', 'ndots:2', '--dns-search', 'example.org', '--expose', '81', '--expose', '82/udp', '--publish-all',
                '--sysctl', 'net.ipv4.ip_forward=1', '--hostname', 'own'
        }
        @{ About = 'no names'; Parameters = @{ NoHosts = $true; NoHostName = $true }; Options = '--no-hosts', '--no-hostname' }
        @{
            About = 'health'
            Parameters = @{
                HealthCommand = 'true'; HealthInterval = '50s'; HealthTimeout = '4s'; HealthRetry = 5; HealthStartPeriod = '6s'; HealthOnFailure = 'Stop'
                HealthStartupCommand = 'false'; HealthStartupInterval = '7s'; HealthStartupTimeout = '8s'; HealthStartupRetry = 9; HealthStartupSuccess = 3
                HealthLogDestination = 'events_logger'; HealthMaxLogCount = 4; HealthMaxLogSize = 300
            }
            Options = '--health-cmd', 'true', '--health-interval', '50s', '--health-timeout', '4s', '--health-retries', '5', '--health-start-period', '6s', '--health-on-failure', 'stop',
                '--health-startup-cmd', 'false', '--health-startup-interval', '7s', '--health-startup-timeout', '8s', '--health-startup-retries', '9', '--health-startup-success', '3',
                '--health-log-destination', 'events_logger', '--health-max-log-count', '4', '--health-max-log-size', '300'
        }
    )
    $script:PodSets = @(
        @{
            About = 'limits and names'
            Parameters = @{
                Network = 'test-net'; IPAddress = '10.76.0.9'; IPv6Address = 'fd00:76::9'; MacAddress = '02:00:00:00:00:09'; NetworkAlias = 'other'; AddHost = @{ there = '1.2.3.4' }
                DnsServer = '9.9.9.9'; DnsOption = 'ndots:2'; DnsSearchDomain = 'example.org'; Memory = 100mb; MemorySwap = 200mb; CpuShare = 512; CpuSet = '0'; MemoryNode = '0'
                DeviceReadRate = '/dev/test-disk:1mb'; DeviceWriteRate = '/dev/test-disk:2mb'; Sysctl = @{ 'net.ipv4.ip_forward' = 1 }; InfraName = 'test-infra'
                LabelFile = '/tmp/test-variables'; NoShareParent = $true; InfraConmonPidFile = '/tmp/test-conmon'; CgroupParent = '/test-parent'
            }
            Options = '--network', 'test-net', '--ip', '10.76.0.9', '--ip6', 'fd00:76::9', '--mac-address', '02:00:00:00:00:09', '--network-alias', 'other', '--add-host', 'there:1.2.3.4',
                '--dns', '9.9.9.9', '--dns-option', 'ndots:2', '--dns-search', 'example.org', '--memory', '100m', '--memory-swap', '200m', '--cpu-shares', '512', '--cpuset-cpus', '0',
                '--cpuset-mems', '0', '--device-read-bps', '/dev/test-disk:1mb', '--device-write-bps', '/dev/test-disk:2mb', '--sysctl', 'net.ipv4.ip_forward=1', '--infra-name', 'test-infra',
                '--label-file', '/tmp/test-variables', '--share-parent=false', '--infra-conmon-pidfile', '/tmp/test-conmon', '--cgroup-parent', '/test-parent'
        }
        @{
            About = 'the host''s namespaces'
            Parameters = @{ Network = 'none'; PidNamespace = 'host'; UtsNamespace = 'host'; NoHosts = $true }
            Options = '--network', 'none', '--pid', 'host', '--uts', 'host', '--no-hosts'
        }
        @{
            About = 'users of somebody'
            Parameters = @{ Network = 'none'; SubUidName = 'somebody'; SubGidName = 'somebody' }
            Options = '--network', 'none', '--subuidname', 'somebody', '--subgidname', 'somebody'
        }
        @{
            About = 'another infra container'
            Parameters = @{ Network = 'none'; InfraImage = 'localhost/busybox:test'; InfraCommand = 'sleep', '1000' }
            Options = '--network', 'none', '--infra-image', 'localhost/busybox:test', '--infra-command', 'sleep 1000'
        }
    )
}

BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    Import-TestImage
    Remove-TestContainers
    Set-Content /tmp/test-variables "one=1`ntwo=a b"
    & mknod /dev/test-disk b 254 0
    Add-Content /etc/passwd 'somebody:x:992:992::/:/bin/false'
    Add-Content /etc/subuid 'somebody:3200000:5000'
    Add-Content /etc/subgid 'somebody:3300000:4000'
    New-ContainerNetwork test-net -Subnet 10.76.0.0/24, fd00:76::/64 -IPv6 | Out-Null

    # What inspect shows, but for what the two can't have in common.
    function Get-Facts([string[]] $Words) {
        $object = (& /podsharp/bin/podsharp @Words | ConvertFrom-Json -AsHashtable)
        $object = $object -is [array] ? $object[0] : $object
        $id = $object.Id
        @('CreateCommand', 'Created', 'CreatedTime', 'State', 'InfraContainerID', 'StartedAt', 'Containers').ForEach({ $object.Remove($_) })
        # A cmdlet is no service that systemd waits for.
        if ($object.Contains('Config')) { @('CreateCommand', 'sdNotifyMode').ForEach({ $object.Config.Remove($_) }) }
        $text = ($object.Contains('HostConfig') ? @($object.Config, $object.HostConfig, $object.Mounts, $object.NetworkSettings.Networks, $object.EffectiveCaps) : @($object)) |
            ConvertTo-Json -Depth 20 -AsArray
        $text.Replace($id, 'ID').Replace($id.Substring(0, 12), 'ID') -replace '[0-9a-f]{64}', 'ID' -replace '"HostPort": "[0-9]+"', '"HostPort": "any"'
    }
}

AfterAll {
    Remove-TestContainers
    Get-Pod 'test-*' | Remove-Pod -Force
    Remove-ContainerNetwork test-net
    Remove-Item /tmp/test-variables, /dev/test-disk
}

Describe 'New-Container' {
    AfterEach { Remove-TestContainers }

    It 'says of <About> what the command line says' -ForEach $Sets {
        New-Container $Image -Name test-same @Parameters -- sleep 1000 | Out-Null
        $made = Get-Facts 'inspect', 'test-same'
        Remove-Container test-same
        & /podsharp/bin/podsharp create --name test-same @Options $Image sleep 1000 2>&1 | Out-Null
        $LASTEXITCODE | Should -Be 0
        $made | Should -Be (Get-Facts 'inspect', 'test-same')
    }
}

Describe 'New-Pod' {
    AfterEach { Get-Pod 'test-*' | Remove-Pod -Force }

    It 'says of <About> what the command line says' -ForEach $PodSets {
        $pod = New-Pod test-same @Parameters
        $made = (Get-Facts 'pod', 'inspect', 'test-same'), (Get-Facts 'inspect', $pod.InfraId)
        Remove-Pod test-same
        & /podsharp/bin/podsharp pod create --name test-same @Options 2>&1 | Out-Null
        $LASTEXITCODE | Should -Be 0
        $made | Should -Be (Get-Facts 'pod', 'inspect', 'test-same'), (Get-Facts 'inspect', (Get-Pod test-same).InfraId)
    }
}

Describe 'What is wrong' {
    It 'is refused as such, the second time too' {
        foreach ($time in 1, 2) {
            { New-Container $Image -DeviceReadRate wrong true -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidArgument,*'
            { New-ContainerNetwork test-wrong -Route wrong -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidArgument,*'
        }
        { New-Container $Image -Platform linux/amd64 -Architecture amd64 true -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidArgument,*'
        { New-Container $Image -LabelFile /no/such/file true -ErrorAction Stop } | Should -Throw -ErrorId 'FileNotReadable,*'
        { New-Pod test-wrong -Network none -Gpu all -ErrorAction Stop } | Should -Throw
        Test-Pod test-wrong | Should -BeFalse
    }
}
