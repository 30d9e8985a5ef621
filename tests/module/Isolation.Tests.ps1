# The session belongs to somebody else: other modules' assemblies, other runspaces, the process's own properties.
BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    function Invoke-Fresh([string] $Script) {
        pwsh -NoProfile -NonInteractive -Command $Script
    }
}

Describe 'The load contexts' {
    It 'hold the module and the model in the default one, the engine in a private one' {
        $found = Invoke-Fresh @"
            Import-Module '$ModulePath'
            Get-Container | Out-Null
            [AppDomain]::CurrentDomain.GetAssemblies() | Where-Object { `$_.GetName().Name -like 'Podsharp*' -or `$_.GetName().Name -eq 'Microsoft.Data.Sqlite' } |
                ForEach-Object { '{0}={1}' -f `$_.GetName().Name, [System.Runtime.Loader.AssemblyLoadContext]::GetLoadContext(`$_).Name }
"@
        $found | Should -Contain 'Podsharp=Default'
        $found | Should -Contain 'Podsharp.Model=Default'
        $found | Should -Contain 'Podsharp.Engine=Podsharp'
        $found | Should -Contain 'Microsoft.Data.Sqlite=Podsharp'
        ($found | Group-Object { ($_ -split '=')[0] } | Where-Object Count -gt 1) | Should -BeNullOrEmpty
    }

    It 'load nothing of the engine on import' {
        Invoke-Fresh "Import-Module '$ModulePath'; [AppDomain]::CurrentDomain.GetAssemblies().ForEach({ `$_.GetName().Name })" |
            Should -Not -Contain 'Podsharp.Engine'
    }

    It 'let another module bring another <_>' -ForEach 'Microsoft.Data.Sqlite', 'SQLitePCLRaw.core', 'YamlDotNet' {
        $folder = Join-Path $TestDrive $_
        New-Item -ItemType Directory $folder | Out-Null
        $foreign = Join-Path $folder "$_.dll"
        Invoke-Fresh @"
            Add-Type -OutputAssembly '$foreign' -TypeDefinition '[assembly: System.Reflection.AssemblyVersion("1.2.3.4")] namespace Foreign { public class Marker { public static string Tell() => "foreign"; } }'
"@
        foreach ($first in $true, $false) {
            $load = "Add-Type -Path '$foreign'; [Foreign.Marker]::Tell()"
            $use = "(Get-ContainerEngine).GetType().Name; @(Get-Container).Count -ge 0"
            $result = Invoke-Fresh "Import-Module '$ModulePath'; $(if ($first) { "$load; $use" } else { "$use; $load" })"
            $result | Should -Contain 'foreign'
            $result | Should -Contain 'ContainerEngineInfo'
            $result | Should -Contain 'True'
        }
    }
}

Describe 'The process' {
    It 'keeps its working directory, umask, environment and open descriptors' {
        $before, $after = Invoke-Fresh @"
            function State {
                [Environment]::CurrentDirectory
                (Get-Content /proc/self/status | Select-String '^(Umask|SigBlk|SigIgn):') -join ' '
                (Get-ChildItem env: | ForEach-Object { "`$(`$_.Name)=`$(`$_.Value)" }) -join ' '
            }
            Import-Module '$ModulePath'
            (State) -join '|'
            Get-Container | Out-Null; Get-ContainerImage | Out-Null; Get-ContainerEngine | Out-Null
            (State) -join '|'
"@
        $after | Should -Be $before
    }

    It 'can import, remove and import the module again' {
        Invoke-Fresh "Import-Module '$ModulePath'; Get-Container | Out-Null; Remove-Module Podsharp; Import-Module '$ModulePath'; @(Get-Container).Count -ge 0" |
            Should -Be 'True'
    }

    It 'has runspaces side by side' {
        1..4 | ForEach-Object -Parallel { Import-Module $using:ModulePath; (Get-ContainerEngine).Version } | Should -HaveCount 4
    }
}
