# Images built of Containerfiles through the cmdlet, on the real engine.
BeforeDiscovery {
    # What RUN sees of its surroundings goes into the image, so that two builds are alike only if they were given the same.
    $script:Sets = @(
        @{
            About = 'what the image is made of'
            Parameters = @{
                Label = @{ own = 1 }; RemoveLabel = 'gone'; Annotation = @{ 'a.b' = 'c' }; NoCreatedAnnotation = $true; Environment = @{ E = 'v' }; RemoveEnvironment = 'OLD'
                BuildArgument = @{ V = 2 }; Format = 'Docker'; LayerLabel = @{ between = 1 }; NamedContext = @{ more = '/tmp/test-more' }; Target = 'wanted'
            }
            Options = '--label', 'own=1', '--unsetlabel', 'gone', '--annotation', 'a.b=c', '--created-annotation=false', '--env', 'E=v', '--unsetenv', 'OLD',
                '--build-arg', 'V=2', '--format', 'docker', '--layer-label', 'between=1', '--build-context', 'more=/tmp/test-more', '--target', 'wanted'
        }
        @{ About = 'one layer of what is new'; Parameters = @{ Squash = $true; OmitHistory = $true }; Options = '--squash', '--omit-history' }
        @{ About = 'one layer of all'; Parameters = @{ SquashAll = $true; NoInheritLabel = $true }; Options = '--squash-all', '--inherit-labels=false' }
        @{ About = 'no layers between'; Parameters = @{ NoLayer = $true; AllStages = $true }; Options = '--layers=false', '--skip-unused-stages=false' }
        @{
            About = 'limits'
            Parameters = @{
                Memory = 100mb; MemorySwap = 150mb; CpuShare = 512; CpuPeriod = 50000; CpuQuota = 25000; CpuSet = '0'; MemoryNode = '0'; ShmSize = 1mb
                Ulimit = 'nofile=100:200'; CgroupParent = '/test-parent'
            }
            Options = '--memory', '100m', '--memory-swap', '150m', '--cpu-shares', '512', '--cpu-period', '50000', '--cpu-quota', '25000', '--cpuset-cpus', '0',
                '--cpuset-mems', '0', '--shm-size', '1m', '--ulimit', 'nofile=100:200', '--cgroup-parent', '/test-parent'
        }
        @{
            About = 'rights and names'
            Parameters = @{
                AddCapability = 'NET_ADMIN'; DropCapability = 'CHOWN', 'CAP_KILL'; SecurityOption = 'no-new-privileges'; AddGroup = '7'; Device = '/dev/zero:/dev/nil:r'
                AddHost = @{ there = '1.2.3.4' }; DnsServer = '9.9.9.9'; DnsSearchDomain = 'example.org'; DnsOption = 'ndots:2'; Volume = '/tmp/test-more:/mnt:ro'
            }
            Options = '--cap-add', 'NET_ADMIN', '--cap-drop', 'CHOWN', '--cap-drop', 'CAP_KILL', '--security-opt', 'no-new-privileges', '--group-add', '7',
                '--device', '/dev/zero:/dev/nil:r', '--add-host', 'there:1.2.3.4', '--dns', '9.9.9.9', '--dns-search', 'example.org', '--dns-option', 'ndots:2',
                '--volume', '/tmp/test-more:/mnt:ro'
        }
        @{
            About = 'the host''s namespaces'
            Parameters = @{ Network = 'none'; PidNamespace = 'host'; UtsNamespace = 'host'; IpcNamespace = 'host'; CgroupNamespace = 'host'; NoHosts = $true; NoHostName = $true }
            Options = '--network', 'none', '--pid', 'host', '--uts', 'host', '--ipc', 'host', '--cgroupns', 'host', '--no-hosts', '--no-hostname'
        }
        @{ About = 'users'; Parameters = @{ UserMap = '0:100000:5000'; GroupMap = '0:200000:4000' }; Options = '--userns-uid-map', '0:100000:5000', '--userns-gid-map', '0:200000:4000' }
    )
}

BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    Import-TestImage
    $context = New-Item -ItemType Directory "$TestDrive/context"
    Set-Content "$context/a" 'content'
}

AfterAll {
    Get-ContainerImage 'localhost/test-built*' | Remove-ContainerImage -Force
}

Describe 'Build-ContainerImage' {
    It 'builds an image, emits it, and shows its steps as information' {
        $output = Build-ContainerImage $context localhost/test-built:1 -Definition "FROM $Image`nARG V`nCOPY a /a`nRUN echo said; echo `$V >/v`nCMD [`"cat`", `"/a`", `"/v`"]" `
            -BuildArgument @{ V = 5 } -Label @{ one = 'two' } 6>&1
        $built = $output | Where-Object { $_ -is [Podsharp.Model.ContainerImage] }
        $built.Names | Should -Be 'localhost/test-built:1'
        "$output" | Should -Match 'STEP 4/6: RUN echo said'
        $output | ForEach-Object ToString | Should -Contain 'said'
        Invoke-ContainerImage localhost/test-built:1 -AutoRemove | Should -Be 'content', '5'
        (Get-ContainerImage localhost/test-built:1 -Detailed).Config.Labels['one'] | Should -Be 'two'
    }

    It 'takes directories from the pipeline' {
        Set-Content "$context/Containerfile" "FROM $Image`nCOPY a /b"
        (Get-Item $context | Build-ContainerImage -Name localhost/test-built:2 6>$null).Names | Should -Be 'localhost/test-built:2'
        Get-Item $context | Build-ContainerImage -Name localhost/test-built:3 -WhatIf
        Test-ContainerImage localhost/test-built:3 | Should -BeFalse
    }

    It 'gives secrets to commands alone' {
        $secret = ConvertTo-SecureString 'hush' -AsPlainText
        Build-ContainerImage $context localhost/test-built:4 -Definition "FROM $Image`nRUN --mount=type=secret,id=s test `"`$(cat /run/secrets/s)`" = hush" -Secret @{ s = $secret } 6>$null | Should -Not -BeNullOrEmpty
        { Build-ContainerImage $context -Definition "FROM $Image`nRUN --mount=type=secret,id=s,required=true true" -ErrorAction Stop 6>$null } |
            Should -Throw -ErrorId 'SecretNotFound*'
    }

    It 'writes the image''s files, too' {
        Build-ContainerImage $context -Definition "FROM scratch`nCOPY a /b/c" -OutputPath "$TestDrive/out" 6>$null | Should -BeOfType Podsharp.Model.ContainerImage
        Get-Content "$TestDrive/out/b/c" | Should -Be content
        Build-ContainerImage $context -Definition "FROM scratch`nCOPY a /b/c" -OutputPath "$TestDrive/out.tar" 6>$null | Out-Null
        tar -tf "$TestDrive/out.tar" | Sort-Object | Should -Be 'b/', 'b/c'
    }

    It 'says of <About> what the command line says' -ForEach $Sets {
        New-Item -ItemType Directory -Force /tmp/test-more | Out-Null
        Set-Content /tmp/test-more/named 'content'
        $definition = @(
            "FROM $Image AS old", 'LABEL gone=1 kept=1', 'ENV OLD=1', 'FROM old AS wanted', 'ARG V=1', 'COPY --from=old /bin/true /'
            if ($Parameters.Contains('NamedContext')) { 'COPY --from=more named /' }
            'RUN ls /mnt /dev >/facts; grep -E "^(Cap|NoNewPrivs|Groups)" /proc/self/status >>/facts; ulimit -n >>/facts; cat /proc/self/uid_map /proc/self/gid_map >>/facts'
            'RUN cut -d / -f 2 /proc/self/cgroup >>/facts; cat /etc/hosts /etc/resolv.conf 2>&1 | sed "s/10[.].*//" >>/facts; df /dev/shm >>/facts; ls /sys/class/net >>/facts'
            'RUN for f in cpu.shares cpu.cfs_period_us cpu.cfs_quota_us memory.limit_in_bytes memory.memsw.limit_in_bytes cpuset.cpus; do cat /sys/fs/cgroup/*/$f; done >>/facts 2>&1'
            'RUN echo "$V $E $OLD" >>/facts; for n in pid uts ipc; do readlink /proc/self/ns/$n; done | sed "s/:.*//" >>/facts; test $$ -lt 20; echo $? >>/facts'
            'FROM wanted'
        ) -join "`n"
        Set-Content /tmp/test-definition $definition
        $made = Build-ContainerImage $context -File /tmp/test-definition -NoCache -Timestamp '2001-02-03T04:05:06Z' @Parameters 6>$null
        $same = & /podsharp/bin/podsharp build -q --no-cache --timestamp 981173106 -f /tmp/test-definition @Options $context
        $LASTEXITCODE | Should -Be 0
        $made.Id | Should -Be $same
        # And it has an effect.
        $plain = & /podsharp/bin/podsharp build -q --no-cache --timestamp 981173106 -f /tmp/test-definition --target wanted $context
        if ($About -ne 'no layers between') { $made.Id | Should -Not -Be $plain }
        Remove-ContainerImage $made.Id, $plain -Force -ErrorAction Ignore
    }

    It 'obeys SOURCE_DATE_EPOCH' {
        $env:SOURCE_DATE_EPOCH = 981173106
        try { (Build-ContainerImage $context -Definition "FROM scratch`nCOPY a /" 6>$null).Created | Should -Be ([DateTimeOffset] '2001-02-03T04:05:06Z') }
        finally { Remove-Item env:SOURCE_DATE_EPOCH }
        { Build-ContainerImage $context -Definition 'FROM scratch' -Squash -SquashAll -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidArgument*'
        { Build-ContainerImage $context -Definition 'FROM scratch' -Timestamp '2001-01-01' -SourceDate '2001-01-01' -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidArgument*'
    }

    It 'builds for several platforms into a list' {
        $made = Build-ContainerImage $context -Definition "FROM scratch`nARG TARGETARCH`nLABEL for=`$TARGETARCH" -Platform linux/amd64, linux/arm64 -Name localhost/test-many 6>$null
        $made | Should -HaveCount 3
        $made[0] | Should -BeOfType Podsharp.Model.ContainerImage
        $made[2] | Should -BeOfType Podsharp.Model.ContainerManifest
        $made[2].Platforms | Should -Be linux/amd64, linux/arm64
        (Get-ContainerImage $made[1].Id -Detailed).Config.Labels['for'] | Should -Be arm64
        $added = Build-ContainerImage $context -Definition 'FROM scratch' -Platform linux/s390x -Manifest localhost/test-many -OperatingSystemVersion 1.2 6>$null
        $added[1].Images[2].OsVersion | Should -Be 1.2
        { Build-ContainerImage $context -Definition 'FROM scratch' -AllPlatform -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidArgument*'
        { Build-ContainerImage $context -Definition 'FROM scratch' -Platform linux/amd64 -Architecture arm64 -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidArgument*'
        Remove-ContainerManifest localhost/test-many
    }

    It 'tells the line of what fails' {
        Build-ContainerImage $context -Definition "FROM $Image`nRUN exit 3" -ErrorVariable problem -ErrorAction SilentlyContinue 6>$null
        $problem[0].FullyQualifiedErrorId | Should -Match '^BuildCommandFailed'
        "$($problem[0])" | Should -Match 'Definition:2: RUN exit 3: the command ended with exit code 3'
        { Build-ContainerImage $context -Definition "FROM $Image`nRUM" -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidContainerfile*'
    }

    It 'keeps commands apart as it is told' {
        Build-ContainerImage $context localhost/test-built:5 -Definition "FROM $Image`nRUN --security=insecure grep CapEff /proc/self/status >/told" -AllowInsecure 6>$null | Should -Not -BeNullOrEmpty
        Invoke-ContainerImage localhost/test-built:5 cat /told -AutoRemove -Network none | Should -Not -Match '00000000a'
        Build-ContainerImage $context localhost/test-built:6 -Definition "FROM $Image`nRUN id -u >/told" -Isolation Chroot 6>$null | Should -Not -BeNullOrEmpty
        Invoke-ContainerImage localhost/test-built:6 cat /told -AutoRemove -Network none | Should -Be 0
        { Build-ContainerImage $context -Definition "FROM $Image`nRUN true" -Isolation Chroot -Memory 64mb -ErrorAction Stop 6>$null } | Should -Throw -ErrorId 'Unsupported*'
        { Build-ContainerImage $context -Definition "FROM $Image" -SshKey @{ default = "$TestDrive/nokey" } -ErrorAction Stop 6>$null } | Should -Throw -ErrorId 'InvalidArgument*'
        { Build-ContainerImage $context -Definition "FROM $Image" -CacheFrom localhost/cache:tag -ErrorAction Stop 6>$null } | Should -Throw -ErrorId 'InvalidArgument*'
        Build-ContainerImage $context -Definition "FROM $Image`nVOLUME /v`nRUN mkdir -p /v; echo lost >/v/f" -CompatVolumes -OutputPath "$TestDrive/volumes" 6>$null | Out-Null
        "$TestDrive/volumes/v/f" | Should -Not -Exist
    }

    It 'builds the image that the executable builds in another store' {
        $other = '--root', '/var/lib/containers/other-test', '--runroot', '/run/containers/other-test'
        & /podsharp/bin/podsharp save -q -o "$TestDrive/base.tar" $Image
        & /podsharp/bin/podsharp @other load -q -i "$TestDrive/base.tar" | Out-Null
        Set-Content "$TestDrive/Same" "FROM $Image`nCOPY a /a`nRUN echo 1 >/b && mkdir /c`nENV E=1"
        try {
            foreach ($options in @('--timestamp', '981173106'), @('--source-date-epoch', '981173106', '--rewrite-timestamp')) {
                $time = $options[0] -eq '--timestamp' ? @{ Timestamp = '2001-02-03T04:05:06Z' } : @{ SourceDate = '2001-02-03T04:05:06Z'; RewriteTimestamp = $true }
                # The annotation of the base image's digest tells by which manifest it came.
                $built = Build-ContainerImage $context localhost/test-built:7 -File "$TestDrive/Same" -NoCache -NoInheritAnnotation -RemoveAnnotation org.opencontainers.image.base.digest @time 6>$null
                $id = & /podsharp/bin/podsharp @other build --no-cache -q @options --inherit-annotations=false --unsetannotation org.opencontainers.image.base.digest -f "$TestDrive/Same" $context
                $built.Id | Should -Be $id
                $built.Digest | Should -Be (& /podsharp/bin/podsharp @other image inspect $id --format '{{.Digest}}')
            }
        }
        finally {
            & /podsharp/bin/podsharp @other system reset -f *>$null
        }
    }
}
