# The words of the tables and lists. Needs no container.
BeforeAll { . "$PSScriptRoot/Common.ps1" }

Describe 'Sizes' {
    It 'shows <Bytes> bytes on disk as <Text>' -ForEach @(
        @{ Bytes = 0; Text = '0 B' }, @{ Bytes = 999; Text = '999 B' }, @{ Bytes = 1000; Text = '1.00 kB' }, @{ Bytes = 2222222; Text = '2.22 MB' }
        @{ Bytes = 99950000; Text = '100 MB' }, @{ Bytes = 999999999; Text = '1.00 GB' }, @{ Bytes = -1500; Text = '-1.50 kB' }
    ) { [Podsharp.Views.Display]::Size($Bytes) | Should -Be $Text }

    It 'shows <Bytes> bytes of memory as <Text>' -ForEach @(
        @{ Bytes = 512mb; Text = '512 MiB' }, @{ Bytes = 1536; Text = '1.50 KiB' }, @{ Bytes = 1gb; Text = '1.00 GiB' }
    ) { [Podsharp.Views.Display]::Memory($Bytes) | Should -Be $Text }
}

Describe 'Durations' {
    It 'shows <Span> as <Text>' -ForEach @(
        @{ Span = '00:00:00'; Text = '0s' }, @{ Span = '00:01:39'; Text = '99s' }, @{ Span = '00:05:00'; Text = '5m' }, @{ Span = '1.23:00:00'; Text = '47h' }
        @{ Span = '13.00:00:00'; Text = '13d' }, @{ Span = '40.00:00:00'; Text = '5w' }, @{ Span = '400.00:00:00'; Text = '13mo' }, @{ Span = '1000.00:00:00'; Text = '2y' }
    ) { [Podsharp.Views.Display]::Duration($Span) | Should -Be $Text }
}

Describe 'Image names' {
    It 'shows <Name> as <Text>' -ForEach @(
        @{ Name = 'docker.io/library/nginx:latest'; Text = 'nginx' }, @{ Name = 'docker.io/grafana/loki:3'; Text = 'grafana/loki:3' }
        @{ Name = 'localhost/mine:latest'; Text = 'mine' }, @{ Name = 'quay.io/a/b:1'; Text = 'quay.io/a/b:1' }, @{ Name = 'localhost:5000/a:1'; Text = 'localhost:5000/a:1' }
    ) { [Podsharp.Views.ImageNames]::Familiar($Name) | Should -Be $Text }
}

Describe 'Ports' {
    It 'shows <Text>' -ForEach @(
        @{ Port = @{ HostPort = 8080; ContainerPort = 80 }; Text = '8080->80' }
        @{ Port = @{ HostPort = 53; ContainerPort = 53; Protocol = 'udp'; HostIp = '127.0.0.1' }; Text = '127.0.0.1:53->53/udp' }
        @{ Port = @{ HostPort = 8000; ContainerPort = 80; Range = 3; HostIp = '::1' }; Text = '[::1]:8000-8002->80-82' }
    ) { [Podsharp.Views.Display]::Ports([Podsharp.Model.PortMapping[]] @($Port)) | Should -Be $Text }
}
