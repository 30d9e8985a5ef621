# The module itself: what it exports, declares, documents and shows. Needs no container.
BeforeDiscovery {
    . "$PSScriptRoot/Common.ps1"
    $script:Cmdlets = Get-Command -Module Podsharp -CommandType Cmdlet | ForEach-Object { @{ Name = $_.Name; Cmdlet = $_ } }
    $script:Outputs = Get-Command -Module Podsharp -CommandType Cmdlet | ForEach-Object OutputType | Where-Object Type |
        ForEach-Object Type | Where-Object { $_.Namespace -like 'Podsharp*' } | Sort-Object FullName -Unique | ForEach-Object { @{ Type = $_.FullName } }
}

BeforeAll {
    . "$PSScriptRoot/Common.ps1"
}

Describe 'The module' {
    It 'exports what its manifest lists, and nothing else' {
        $manifest = Import-PowerShellDataFile $ModulePath
        $assembly = (Get-Module Podsharp).ImplementingAssembly ?? (Get-Command Get-Container).ImplementingType.Assembly
        $declared = $assembly.GetExportedTypes() | ForEach-Object { $_.GetCustomAttributes([System.Management.Automation.CmdletAttribute], $false) } |
            ForEach-Object { "$($_.VerbName)-$($_.NounName)" } | Sort-Object
        $manifest.CmdletsToExport | Sort-Object | Should -Be $declared
        (Get-Command -Module Podsharp -CommandType Cmdlet).Name | Sort-Object | Should -Be $declared
    }

    It 'exports the aliases that its cmdlets declare' {
        $declared = (Get-Command Get-Container).ImplementingType.Assembly.GetExportedTypes() | Where-Object { $_.IsSubclassOf([System.Management.Automation.Cmdlet]) } |
            ForEach-Object { $_.GetCustomAttributes([System.Management.Automation.AliasAttribute], $false) } | ForEach-Object AliasNames | Sort-Object
        (Get-Command -Module Podsharp -CommandType Alias).Name | Sort-Object | Should -Be $declared
        foreach ($name in 'Run-ContainerImage', 'Pull-ContainerImage', 'Tag-ContainerImage', 'Exec-Container', 'Attach-Container', 'Get-ContainerDetail') {
            $declared | Should -Contain $name
        }
    }

    It 'imports without a warning' {
        pwsh -NoProfile -NonInteractive -Command "Import-Module '$ModulePath' 3>&1 2>&1" | Should -BeNullOrEmpty
    }

    It 'has a topic about itself' {
        (Get-Help about_Podsharp | Out-String) | Should -Match 'MANY AT ONCE'
    }
}

Describe '<Name>' -ForEach $Cmdlets {
    It 'has an approved verb' {
        (Get-Verb).Verb | Should -Contain $Cmdlet.Verb
    }

    It 'declares what it emits' {
        $Cmdlet.OutputType | Should -Not -BeNullOrEmpty
    }

    It 'has -WhatIf and -Confirm if it changes state' {
        $reads = 'Get', 'Find', 'Test', 'Measure', 'Wait', 'Watch', 'Enter'
        $Cmdlet.Parameters.ContainsKey('WhatIf') | Should -Be ($Cmdlet.Verb -notin $reads)
    }

    It 'has help with a synopsis, a description, an example and a text for each parameter' {
        $help = Get-Help $Name
        $help.Synopsis | Should -Not -Match '^\s*Get-|\[<CommonParameters>\]'
        $help.Description.Text | Should -Not -BeNullOrEmpty
        @($help.examples.example).Count | Should -BeGreaterThan 0
        $common = [System.Management.Automation.PSCmdlet]::CommonParameters + [System.Management.Automation.PSCmdlet]::OptionalCommonParameters
        foreach ($parameter in $Cmdlet.Parameters.Values | Where-Object { $_.Name -notin $common }) {
            if ($parameter.Attributes.Where({ $_ -is [Parameter] -and $_.DontShow })) { continue }
            (Get-Help $Name -Parameter $parameter.Name).Description.Text | Should -Not -BeNullOrEmpty -Because "-$($parameter.Name) is explained"
        }
    }

    It 'has examples that PowerShell can read and whose parameters exist' {
        foreach ($example in (Get-Help $Name).examples.example) {
            $code = ($example.code -split "`n" | Where-Object { $_ -match '^PS> ' } | ForEach-Object { $_.Substring(4) }) -join "`n"
            $errors = $null
            $tree = [System.Management.Automation.Language.Parser]::ParseInput($code, [ref] $null, [ref] $errors)
            $errors | Should -BeNullOrEmpty -Because $code
            foreach ($call in $tree.FindAll({ $args[0] -is [System.Management.Automation.Language.CommandAst] }, $true)) {
                $command = Get-Command $call.GetCommandName() -ErrorAction Ignore
                if ($command.Source -ne 'Podsharp') { continue }
                foreach ($element in $call.CommandElements | Where-Object { $_ -is [System.Management.Automation.Language.CommandParameterAst] }) {
                    if ($element.Extent.Text -eq '--') { break }
                    if ($element.ParameterName) { { $command.ResolveParameter($element.ParameterName) } | Should -Not -Throw -Because "-$($element.ParameterName) in: $code" }
                }
            }
        }
    }

    It 'completes every name' {
        $words = 'Name', 'Id', 'Image', 'Signal', 'StopSignal', 'AddCapability', 'DropCapability', 'Network'
        $own = @{ 'New-Container' = 'Name'; 'Invoke-ContainerImage' = 'Name'; 'New-ContainerManifest' = 'Name'; 'New-ContainerNetwork' = 'Name'; 'New-ContainerSecret' = 'Name'; 'New-ContainerVolume' = 'Name'; 'New-Pod' = 'Name' }[$Name]
        foreach ($parameter in $Cmdlet.Parameters.Values | Where-Object { $_.Name -in $words -and $_.Name -ne $own }) {
            $parameter.Attributes.Where({ $_ -is [ArgumentCompleter] }) | Should -Not -BeNullOrEmpty -Because "-$($parameter.Name) names something"
        }
    }

    It 'takes objects from the pipeline where it works on objects' {
        if (-not ($Cmdlet.Parameters.Keys -match '^(InputObject|Name|Path)$')) { return }
        $Cmdlet.ParameterSets.Parameters.Where({ $_.ValueFromPipeline }) | Should -Not -BeNullOrEmpty
    }
}

Describe 'The view of <Type>' -ForEach $Outputs {
    It 'exists and fits 120 columns' {
        $views = (Get-FormatData -TypeName $Type -PowerShellVersion $PSVersionTable.PSVersion).FormatViewDefinition
        $views | Should -Not -BeNullOrEmpty
        foreach ($table in $views.Control | Where-Object { $_ -is [System.Management.Automation.TableControl] }) {
            $fixed = ($table.Headers.Width | Measure-Object -Sum).Sum
            $free = @($table.Headers | Where-Object Width -eq 0).Count
            $fixed + 12 * $free + $table.Headers.Count - 1 | Should -BeLessOrEqual 120
        }
    }
}
