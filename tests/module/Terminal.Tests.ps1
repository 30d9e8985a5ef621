# Sessions on a terminal: script(1) gives pwsh one, and what is typed comes with pauses.
BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    Import-TestImage
    Remove-TestContainers
    New-TestContainer test-terminal | Start-Container | Out-Null

    # Runs a PowerShell script on a terminal of 40 rows and 120 columns; keys are typed one entry a second, after the prompt has come.
    function Invoke-OnTerminal([string] $Script, [string[]] $Keys, [int] $Wait = 6) {
        $file = Join-Path $TestDrive "$([guid]::NewGuid()).ps1"
        Set-Content $file "`$PSStyle.OutputRendering = 'PlainText'; stty rows 40 cols 120; Import-Module '$ModulePath'; $Script"
        $typed = $Keys | ForEach-Object { "printf '$_'; sleep 1;" }
        (bash -c "(sleep $Wait; $typed) | timeout 60 script -qec 'pwsh -NoProfile -File $file' /dev/null") -join "`n" -replace "`r|\e\[[0-9;?]*[A-Za-z]|\e\][^\a]*\a|\e[=>]"
    }
}

AfterAll { Remove-TestContainers }

Describe 'Enter-ContainerSession' {
    It 'gives a command the terminal, its size and its keys, and gives it back' {
        $text = Invoke-OnTerminal 'stty -a > /tmp/before; Enter-ContainerSession test-terminal sh; "code $LASTEXITCODE"; stty -a > /tmp/after; diff /tmp/before /tmp/after && "same True"' @(
            'echo $((40+2)); stty size\r', 'sleep 100\r', '\003', 'echo still here\r', 'exit 7\r')
        $text | Should -Match '(?m)^42$'
        $text | Should -Match '(?m)^40 120$'
        $text | Should -Match '(?m)^still here$'
        $text | Should -Match '(?m)^code 7$'
        $text | Should -Match '(?m)^same True$'
    }

    It 'is left by the detach keys' {
        $text = Invoke-OnTerminal 'Enter-ContainerSession test-terminal sh; "left"; (Get-Container test-terminal).State' @('\020\021')
        $text | Should -Match '(?m)left$'
        $text | Should -Match '(?m)^Running$'
    }
}

Describe 'Invoke-ContainerImage -Terminal -Input' {
    It 'runs a shell' {
        $text = Invoke-OnTerminal "Invoke-ContainerImage $Image -AutoRemove -Terminal -Input sh; `"code `$LASTEXITCODE`"" @('tty; hostname -i\r', 'exit 3\r')
        $text | Should -Match '(?m)^/dev/(pts/0|console)$'
        $text | Should -Match '(?m)^code 3$'
    }
}
