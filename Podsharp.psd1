@{
    RootModule           = 'Podsharp.dll'
    ModuleVersion        = '0.1.0'
    GUID                 = '5b0f3f0a-6d5c-4c58-9f1e-2d6b9f3c7a41'
    Author               = 'The Podsharp authors'
    CompanyName          = 'The Podsharp authors'
    Copyright            = '(c) The Podsharp authors. MIT licence.'
    Description          = 'A daemonless engine for OCI containers inside the PowerShell session: objects, pipelines and tab completion, with an image store shared with podman.'
    PowerShellVersion    = '7.6'
    CompatiblePSEditions = @('Core')
    FormatsToProcess     = @('formats/Podsharp.format.ps1xml')
    FunctionsToExport    = @()
    VariablesToExport    = @()
    CmdletsToExport      = @(
        'Add-ContainerImageTag'
        'Clear-ContainerStorage'
        'Dismount-Container'
        'Dismount-ContainerImage'
        'Enter-ContainerSession'
        'Export-Container'
        'Export-ContainerImage'
        'Get-Container'
        'Get-ContainerChange'
        'Get-ContainerEngine'
        'Get-ContainerEvent'
        'Get-ContainerImage'
        'Get-ContainerImageHistory'
        'Get-ContainerImageLayer'
        'Get-ContainerLog'
        'Get-ContainerPort'
        'Get-ContainerProcess'
        'Import-ContainerImage'
        'Initialize-Container'
        'Invoke-ContainerCommand'
        'Invoke-ContainerImage'
        'Measure-Container'
        'Measure-ContainerStorage'
        'Mount-Container'
        'Mount-ContainerImage'
        'New-Container'
        'Register-ContainerEvent'
        'Remove-Container'
        'Remove-ContainerImage'
        'Remove-ContainerImageTag'
        'Rename-Container'
        'Request-ContainerImage'
        'Restart-Container'
        'Resume-Container'
        'Send-ContainerSignal'
        'Set-Container'
        'Start-Container'
        'Start-ContainerProcess'
        'Stop-Container'
        'Suspend-Container'
        'Test-Container'
        'Test-ContainerImage'
        'Wait-Container'
        'Watch-ContainerEvent'
    )
    AliasesToExport      = @(
        'Attach-Container'
        'Exec-Container'
        'Get-ContainerDetail'
        'Load-ContainerImage'
        'Pull-ContainerImage'
        'Run-ContainerImage'
        'Save-ContainerImage'
        'Tag-ContainerImage'
        'Untag-ContainerImage'
    )
    PrivateData          = @{
        PSData = @{
            Tags       = @('Containers', 'OCI', 'Podman', 'Docker', 'Linux', 'PSEdition_Core')
        }
    }
}
